// What is kept of a step once it is paid, so that a redelivery pays nothing (M7).
import { providerAttemptSchema, warningSchema } from "@nocp/contracts/accounting.ts";
import { completionSchema } from "@nocp/contracts/messages.ts";
import { toolRequestSchema } from "@nocp/contracts/prompt.ts";
import { routeSchema } from "@nocp/contracts/route.ts";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import { z } from "zod";

export const completionRecordSchema = z.object({
  /** Every call of this step, over all deliveries. */
  attempts: z.array(providerAttemptSchema),
  /** How many starts of the message it covers, from the first on. */
  starts: z.int().nonnegative().default(0),
  /** The candidate that is called now: the calls before it failed. */
  calling: z.object({ provider: z.string(), model: z.string() }).optional(),
  /** Absent as long as no candidate has answered. */
  answer: z
    .object({
      completion: completionSchema,
      toolRequests: z.array(toolRequestSchema),
      /** What of the call was not sent. */
      warnings: z.array(warningSchema).default([]),
      /** Absent in records of earlier releases. */
      route: routeSchema.optional(),
    })
    .optional(),
});
export type CompletionRecord = z.infer<typeof completionRecordSchema>;

export const completionKey = (request: RequestRef, step: number): string => `${requestKey(request)}.${step}`;

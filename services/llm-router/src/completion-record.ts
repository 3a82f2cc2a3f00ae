// What is kept of a step once it is paid, so that a redelivery pays nothing (M7).
import { providerAttemptSchema, warningSchema } from "@nocp/contracts/accounting.ts";
import { completionSchema } from "@nocp/contracts/messages.ts";
import { toolRequestSchema } from "@nocp/contracts/prompt.ts";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import { z } from "zod";

export const completionRecordSchema = z.object({
  /** Every call of this step, over all deliveries. */
  attempts: z.array(providerAttemptSchema),
  /** Absent as long as all candidates failed. */
  answer: z
    .object({
      completion: completionSchema,
      toolRequests: z.array(toolRequestSchema),
      /** What of the call was not sent. */
      warnings: z.array(warningSchema).default([]),
    })
    .optional(),
});
export type CompletionRecord = z.infer<typeof completionRecordSchema>;

export const completionKey = (request: RequestRef, step: number): string => `${requestKey(request)}.${step}`;

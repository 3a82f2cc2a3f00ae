// A message that could not be handled, with everything needed to look at it and to send it again.
import { z } from "zod";
import { reportedErrorSchema } from "./accounting.ts";
import { defaultTenant, stages } from "./topology.ts";

export const deadLetterSchema = z.object({
  v: z.literal(1).default(1),
  // Absent in letters that a release before tenants wrote.
  tenant: z.string().default(defaultTenant),
  requestId: z.string(),
  stage: z.enum(stages),
  subject: z.string().describe("Where the message came from, and where a redrive puts it again."),
  messageId: z.string(),
  error: reportedErrorSchema,
  attempts: z.int().nonnegative(),
  at: z.number().describe("Milliseconds since the epoch."),
  headers: z.record(z.string(), z.string()),
  payload: z.string().describe("The message's body, base64."),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

// Token deltas of a request that asked for a stream; core NATS, not stored.
import { z } from "zod";

/**
 * A higher `attempt` than the last one seen, or a `sequence` of 0 again, means: the answer starts over, drop what was shown.
 * The last one of every answer has `done`, also when the request failed: then it has an `error`, and what was shown is none.
 */
export const deltaSchema = z.object({
  requestId: z.string(),
  attempt: z.int().positive(),
  answer: z.int().positive().optional().describe("Counts the answers begun within the attempt: a provider broke one off."),
  sequence: z.int().nonnegative(),
  text: z.string(),
  restart: z.boolean().optional().describe("On the first piece of an answer that takes the place of what was shown."),
  done: z.boolean().default(false),
  error: z.string().optional().describe("With done: the code of the failed result. What was shown is no answer."),
});
export type Delta = z.infer<typeof deltaSchema>;

// Token deltas of a request that asked for a stream; core NATS, not stored.
import { z } from "zod";

/** A higher `attempt` than the last one seen, or a `sequence` of 0 again, means: the answer starts over, drop what was shown. */
export const deltaSchema = z.object({
  requestId: z.string(),
  attempt: z.int().positive(),
  sequence: z.int().nonnegative(),
  text: z.string(),
  done: z.boolean().default(false),
});
export type Delta = z.infer<typeof deltaSchema>;

// What is to be done after a call was answered, as it is stored.
import { z } from "zod";

export const jobSchema = z.object({
  /** What is to be done: names the work. */
  kind: z.string(),
  /** Milliseconds since the epoch. */
  notBefore: z.number(),
  /** How often it was begun and not finished. */
  attempts: z.int().min(0),
  lease: z.object({ owner: z.string(), until: z.number() }).nullable(),
  /** Where it has got to. */
  body: z.unknown(),
});
export type JobState = z.infer<typeof jobSchema>;

export type JobOutcome = "finished" | { readonly notBefore: number; readonly body: unknown };

/** @throws anything: the job is begun again after a while. */
export type JobWork = (job: { readonly body: unknown; readonly attempts: number }, signal: AbortSignal) => Promise<JobOutcome>;

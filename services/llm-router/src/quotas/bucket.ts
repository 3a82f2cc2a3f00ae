// A quota that refills steadily: a token bucket, in numbers alone. Pure.
import { z } from "zod";

export const bucketSchema = z.object({
  /** The most that may be taken at once. */
  capacity: z.number().positive(),
  perMs: z.number().positive(),
  /** What may be taken at `at`; negative when more was taken than there was. */
  level: z.number(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type Bucket = z.infer<typeof bucketSchema>;

/** What may be taken now. */
export const levelOf = ({ capacity, perMs, level, at }: Bucket, now: number): number =>
  Math.min(capacity, level + Math.max(0, now - at) * perMs);

/** Milliseconds until `amount` may be taken; what is more than the bucket holds may be taken when it is full. */
export const waitOf = (bucket: Bucket, amount: number, now: number): number =>
  Math.max(0, (Math.min(amount, bucket.capacity) - levelOf(bucket, now)) / bucket.perMs);

export const taken = (bucket: Bucket, amount: number, now: number): Bucket => ({
  ...bucket,
  level: levelOf(bucket, now) - amount,
  at: Math.max(bucket.at, now),
});

/** A bucket of the same level at another pace. */
export const paced = (bucket: Bucket, perMs: number, capacity: number, now: number): Bucket => ({
  capacity,
  perMs,
  level: Math.min(capacity, levelOf(bucket, now)),
  at: Math.max(bucket.at, now),
});

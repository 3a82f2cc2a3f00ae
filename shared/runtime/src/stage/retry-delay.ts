// How long to wait before a failed message is tried again.

/**
 * Exponential with equal jitter: half of the ceiling for certain, the other half at random.
 * Base 500 ms: up to 500, 1000, 2000, 4000, … ms for attempts 1, 2, 3, 4, …
 * @param attempt the attempt that failed, from 1.
 * @param random a number in [0, 1).
 */
export function retryDelayMs(attempt: number, baseMs: number, maxMs: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

// The one retry loop, and the one backoff.
//
// Not p-retry: it takes every TypeError for a programming error and gives up, and draws its own random numbers; here the
// policy decides, and clock and chance are arguments.
import { setTimeout as sleep } from "node:timers/promises";

export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Exponential with equal jitter: half of the ceiling for certain, the other half at random (Brooker, "Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015). Base 500 ms: up to 500, 1000, 2000, 4000, … ms for attempts 1, 2, 3, 4, …
 * @param attempt the attempt that failed, from 1.
 * @param random in [0, 1).
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/** Waits. @throws the signal's reason when it fires. */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal && { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

/**
 * Runs `work` until it succeeds.
 * @param work is told its attempt, from 1.
 * @param delayAfter milliseconds to wait after a failed attempt; throws to give up.
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  delayAfter: (error: unknown, attempt: number) => number | Promise<number>,
  wait: (delayMs: number) => Promise<void> = pause,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      await wait(await delayAfter(error, attempt));
    }
  }
}

/** Looked at between two tries; a signal of a request serves as one. */
export interface GiveUp {
  readonly aborted: boolean;
}

/** Gives up after a time. Not `AbortSignal.timeout`: its timer outlives quick answers by minutes, and holds their requests. */
export function giveUpAfter(milliseconds: number): GiveUp {
  const at = performance.now() + milliseconds;
  return {
    get aborted() {
      return performance.now() >= at;
    },
  };
}

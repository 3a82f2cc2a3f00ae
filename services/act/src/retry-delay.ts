// How long to wait before a tool is tried again.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export interface RetryLimits {
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

/**
 * Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), or
 * what the error asks for when that is longer.
 * @param attempt the one that failed; counts from 1.
 * @param random in [0, 1).
 * @returns milliseconds.
 */
export function retryDelayMs(attempt: number, thrown: unknown, limits: RetryLimits, random: number): number {
  const ceilingMs = Math.min(limits.retryMaxMs, limits.retryBaseMs * 2 ** (attempt - 1));
  const askedMs = thrown instanceof NocpError ? (thrown.retryAfterMs ?? 0) : 0;
  return Math.max(askedMs, Math.round(ceilingMs * random));
}

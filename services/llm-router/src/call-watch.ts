// Ends a call that is silent for too long, and leaves one that writes alone, however long it takes.
import { abortable } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { CallLimits } from "@nocp/models/call-limits.ts";
import type { CallProgress } from "@nocp/models/reported-usage.ts";

export interface WatchOptions {
  readonly limits: Pick<CallLimits, "ttftMs" | "stallMs">;
  /** Grows as the model writes. */
  readonly progress: CallProgress;
  /** Ends the call earlier. */
  readonly signal: AbortSignal;
}

/** A limit is looked at so often within its time: it is kept to an eighth, and a piece of the answer costs nothing. */
const looksPerLimit = 8;
const shortestLookMs = 5;

/**
 * Runs `work` with a signal that fires when the model is silent for too long, or with `options.signal`.
 * @throws NocpError PROVIDER_TIMEOUT; the reason of the signal; what `work` throws.
 */
export async function watchCall<T>(work: (signal: AbortSignal) => Promise<T>, options: WatchOptions): Promise<T> {
  const { limits, progress, signal } = options;
  signal.throwIfAborted();
  const controller = new AbortController();
  const onParentAbort = () => controller.abort(signal.reason);
  signal.addEventListener("abort", onParentAbort, { once: true });
  const everyMs = Math.max(shortestLookMs, Math.min(limits.ttftMs, limits.stallMs) / looksPerLimit);
  let seen = 0;
  let changedAt = performance.now();
  const look = () => {
    const now = performance.now();
    const { length } = progress.output;
    if (length !== seen) {
      seen = length;
      changedAt = now;
      return;
    }
    const limitMs = seen === 0 ? limits.ttftMs : limits.stallMs;
    if (now - changedAt >= limitMs) controller.abort(silence(seen === 0, limitMs));
  };
  const timer = setInterval(look, everyMs);
  try {
    return await abortable(() => work(controller.signal), controller.signal);
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", onParentAbort);
  }
}

const silence = (isBeginning: boolean, limitMs: number): NocpError =>
  new NocpError(
    "PROVIDER_TIMEOUT",
    isBeginning ? `wrote nothing within ${Math.round(limitMs)} ms` : `broke off: nothing more for ${Math.round(limitMs)} ms`,
  );

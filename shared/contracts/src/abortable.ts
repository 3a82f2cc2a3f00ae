// The one race between work and its end: by a signal, or by a timer.

/** Timers hold at most 2^31-1 ms (24.8 days). */
const longestTimerMs = 2_147_483_647;

/** `setTimeout` for any number of milliseconds. */
export const startTimer = (onTime: () => void, delayMs: number): NodeJS.Timeout =>
  setTimeout(onTime, Math.min(delayMs, longestTimerMs));

/**
 * What `work` resolves to. Rejects with the signal's reason once it fires, also when `work` goes on regardless.
 * Listens before `work` starts, so that this reason wins over an AbortError that `work` makes of the same signal.
 * @param graceMs how long after the signal `work` may still settle by itself.
 */
export async function abortable<T>(work: () => Promise<T>, signal: AbortSignal, graceMs = 0): Promise<T> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  // Not Promise.withResolvers: the published client runs on Node 20.
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (graceMs === 0) reject(signal.reason);
      else timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

export interface TimeLimit {
  readonly timeoutMs: number;
  /** What the work is aborted with when the time is up. */
  readonly onTimeout: () => Error;
  /** Ends the work earlier. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` with a signal that fires after a time, or with `limit.signal`. Not `AbortSignal.timeout`: its timers outlive
 * quick answers by minutes, and hold what they were made for.
 */
export async function withTimeLimit<T>(work: (signal: AbortSignal) => Promise<T>, limit: TimeLimit): Promise<T> {
  const { signal: parent } = limit;
  parent?.throwIfAborted();
  const controller = new AbortController();
  const onParentAbort = () => controller.abort(parent?.reason);
  const timer = startTimer(() => controller.abort(limit.onTimeout()), limit.timeoutMs);
  parent?.addEventListener("abort", onParentAbort, { once: true });
  try {
    return await abortable(() => work(controller.signal), controller.signal);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener("abort", onParentAbort);
  }
}

// Bookkeeping that nobody waits for, done a little later and together. What a call gave rise to is not done right behind it: its
// client may send the next one at once, which would wait then.

export interface DeferredWork {
  /** Done within some milliseconds, in the order of the calls. */
  add(work: () => void): void;
  /** Does at once what is left: for whoever is about to look at the outcome. */
  flush(): void;
}

/** Long enough that a call is waiting for its model, or a busy process has several of them. */
const gatherMs = 5;
/** Beyond that, memory is worth more than time. */
const mostWaiting = 10_000;

export function createDeferredWork(): DeferredWork {
  let waiting: (() => void)[] = [];
  let isScheduled = false;
  const flush = (): void => {
    const left = waiting;
    waiting = [];
    let at = 0;
    try {
      for (; at < left.length; at++) left[at]?.();
    } finally {
      // What one of them throws keeps none of the others from being done.
      if (at + 1 < left.length) waiting = [...left.slice(at + 1), ...waiting];
    }
  };
  return {
    add(work) {
      waiting.push(work);
      if (waiting.length >= mostWaiting) flush();
      if (isScheduled) return;
      isScheduled = true;
      const onTime = (): void => {
        isScheduled = false;
        flush();
      };
      setTimeout(onTime, gatherMs).unref();
    },
    flush,
  };
}

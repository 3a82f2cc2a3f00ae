// A clock that stands until a test moves it.

export interface ManualClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @returns what keeps the work from being done. */
  after(delayMs: number, work: () => void): () => void;
  /** Runs what is due on the way, each to its end. */
  pass(durationMs: number): Promise<void>;
  /** Timers that are set. */
  readonly pending: number;
}

/** What a timer starts has this many turns of promises to end in. */
const turnsOfWork = 20;

export function createManualClock(): ManualClock {
  let now = 1_000_000;
  let timers: { readonly at: number; readonly work: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, work) {
      const timer = { at: now + delayMs, work };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(durationMs) {
      const until = now + durationMs;
      for (;;) {
        const next = timers.reduce<(typeof timers)[number] | undefined>(
          (first, timer) => (first && first.at <= timer.at ? first : timer),
          undefined,
        );
        if (!next || next.at > until) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.work();
        for (let turn = 0; turn < turnsOfWork; turn++) await Promise.resolve();
      }
      now = until;
    },
    get pending() {
      return timers.length;
    },
  };
}

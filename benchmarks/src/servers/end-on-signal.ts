// A measurement that is interrupted ends what it started: services are processes of their own and would go on.

export interface SignalTarget {
  readonly pid: number;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  removeListener(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  listenerCount(signal: NodeJS.Signals): number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `stop` when the process is told to end; when nothing else waits for the signal any more, the process ends by it.
 *
 * @returns leaves the signals alone again.
 */
export function endOnSignal(stop: () => Promise<void>, target: SignalTarget = process): () => void {
  const leave = (): void => {
    for (const signal of signals) target.removeListener(signal, end);
  };
  const end = (signal: NodeJS.Signals): void => {
    void stop()
      .catch(() => undefined)
      .finally(() => {
        leave();
        if (target.listenerCount(signal) === 0) target.kill(target.pid, signal);
      });
  };
  for (const signal of signals) target.on(signal, end);
  return leave;
}

/** For a measurement that ends by itself when it is interrupted, what it started included. @returns is aborted then. */
export function abortOnSignal(): AbortSignal {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error("interrupted"));
  for (const signal of signals) process.once(signal, interrupt);
  return interruption.signal;
}

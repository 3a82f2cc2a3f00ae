// How long a process that died is left alone before it is started again.

export interface RestartPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
  /** A process that ran at least this long is healthy: its death counts as the first again. */
  readonly healthyAfterMs: number;
}

export const defaultRestartPolicy: RestartPolicy = { baseMs: 100, maxMs: 10_000, healthyAfterMs: 10_000 };

/** Doubles with every death in a row. @param deaths in a row, from 1. @returns milliseconds. */
export const restartDelayMs = (deaths: number, policy: RestartPolicy): number =>
  Math.min(policy.maxMs, policy.baseMs * 2 ** (deaths - 1));

/** Deaths in a row, this one included. @param ranMs how long the process lived. */
export const deathsInARow = (before: number, ranMs: number, policy: RestartPolicy): number =>
  ranMs >= policy.healthyAfterMs ? 1 : before + 1;

// What one process knows of a quota, and who waits for it here.
import type { QuotaState } from "./quota-state.ts";
import type { AskedTurn, Turn } from "./turn.ts";
import type { Waiting } from "./waiting-room.ts";

export interface Entry extends Waiting {
  readonly asked: AskedTurn;
  readonly tokens: number;
  readonly resolve: (turn: Turn) => void;
}

export interface LocalQuota {
  readonly key: string;
  limited: boolean;
  /** Calls that may be in flight while nothing is known. */
  window: number;
  calls: number;
  tokens: number;
  waiting: Entry[];
  turnsOf: Map<string, number>;
  turns: number;
  /** When calls succeeded, of the last second. */
  successes: number[];
  /** As last seen. */
  state: QuotaState | undefined;
  lookedAt: number;
  usedAt: number;
  /** What an answer takes, on average. */
  outputTokens: number;
  /** When the last of those that were sent away comes back. */
  lastReturnAt: number;
  /** Between two starts of this replica, while others wait. */
  paceMs: number;
  startedAt: number;
  pumping: boolean;
  wake: (() => void) | undefined;
}

/** So many calls go to a vendor of which nothing is known. */
export const firstWindow = 3;

/** Until the time is over, or `quota.wake` is called. */
export function sleepUntilWoken(quota: LocalQuota, delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delayMs);
  quota.wake = () => {
    clearTimeout(timer);
    quota.wake = undefined;
    resolve();
  };
  return promise;
}

/** @param state of a quota that the settings name. */
export const newQuota = (key: string, state: QuotaState | undefined): LocalQuota => ({
  key,
  limited: state !== undefined,
  window: firstWindow,
  calls: 0,
  tokens: 0,
  waiting: [],
  turnsOf: new Map(),
  turns: 0,
  successes: [],
  state,
  lookedAt: 0,
  usedAt: 0,
  outputTokens: 256,
  lastReturnAt: 0,
  paceMs: 0,
  startedAt: 0,
  pumping: false,
  wake: undefined,
});

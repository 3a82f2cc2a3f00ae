// How long a request will wait for its turn, how much longer it may, and when one that is sent back to the queue returns.
import type { Entry, LocalQuota } from "./local-quota.ts";
import { requestsPerMs, tokensPerMs } from "./quota-state.ts";
import type { AskedTurn } from "./turn.ts";

export interface ExpectedWaits {
  /** Milliseconds until a request behind `ahead` others starts. */
  expectedMs(quota: LocalQuota, ahead: number): number;
  /** Of its patience, over all deliveries; in milliseconds. */
  patienceLeft(asked: AskedTurn): number;
  /** Back to the queue: those that are sent away come back one after the other. */
  sendAway(quota: LocalQuota, entry: Entry): void;
  /** Its turn has come. */
  forget(requestId: string): void;
}

/** When nothing tells how long a wait will be. */
export const unknownWaitMs = 500;
/** Part of the expected wait after which a request comes back: the room must not run empty, least of all when the pace is a guess. */
const returnHaste = { known: 0.7, learned: 0.5 };
const longestPaceMs = 5_000;
const rememberedRequests = 100_000;

/** @param now milliseconds since the epoch. */
export function createExpectedWaits(now: () => number): ExpectedWaits {
  /** When requests that were sent back began to wait. */
  const waitingSince = new Map<string, number>();

  const expectedMs = (quota: LocalQuota, ahead: number): number => {
    const { state } = quota;
    if (!quota.limited || !state) return unknownWaitMs;
    const tokens = quota.waiting.reduce((sum, entry) => sum + entry.owed, 0) / Math.max(1, quota.waiting.length);
    const eachMs = Math.max(1 / requestsPerMs(state), tokens / tokensPerMs(state), Math.min(quota.paceMs, longestPaceMs));
    return Math.max(0, state.blockedUntil - now()) + (ahead + 1) * eachMs;
  };

  const patienceLeft = ({ requestId, patienceMs }: AskedTurn): number =>
    patienceMs - (now() - (waitingSince.get(requestId) ?? now()));

  return {
    expectedMs,
    patienceLeft,
    forget: (requestId) => void waitingSince.delete(requestId),
    sendAway(quota, { resolve, asked }) {
      const at = now();
      const waitMs = expectedMs(quota, quota.waiting.length);
      const eachMs = waitMs / (quota.waiting.length + 1);
      const haste = quota.state?.source === "learned" ? returnHaste.learned : returnHaste.known;
      const returnAt = Math.max(at + waitMs * haste, quota.lastReturnAt + eachMs * haste);
      quota.lastReturnAt = returnAt;
      if (waitingSince.size < rememberedRequests && !waitingSince.has(asked.requestId)) waitingSince.set(asked.requestId, at);
      const delayMs = Math.ceil(returnAt - at);
      resolve({ kind: "later", delayMs, isTooLong: delayMs > patienceLeft(asked) });
    },
  };
}

// How long a request will wait for its turn, how much longer it may, and when one that is sent back to the queue returns.
import { replicasOf } from "./concurrent-calls.ts";
import type { Entry, LocalQuota } from "./local-quota.ts";
import { type QuotaState, requestsPerMs, tokensPerMs } from "./quota-state.ts";
import type { AskedTurn } from "./turn.ts";

export interface ExpectedWaits {
  /** Milliseconds until a request behind `ahead` others starts. */
  expectedMs(quota: LocalQuota, ahead: number): number;
  /** How many requests will start within a moment, so that sending them back to the queue would take longer. */
  startingSoon(quota: LocalQuota): number;
  /** Of its patience, over all deliveries; in milliseconds. */
  patienceLeft(asked: AskedTurn): number;
  /** Back to the queue: those that are sent away come back one after the other. */
  sendAway(quota: LocalQuota, entry: Entry): void;
  /** Its turn has come. */
  forget(requestId: string): void;
}

/** When nothing tells how long a wait will be: not all come back at the same moment. */
export const unknownWaitMs = 500;
const unknownStepMs = 15;
/** Part of the expected wait after which a request comes back: the room must not run empty, least of all when the pace is a guess. */
const returnHaste = { known: 0.7, learned: 0.5 };
const longestPaceMs = 5_000;
const soonMs = 100;
const rememberedRequests = 100_000;

/** How many more calls of a quota may start here, of those that may be in flight at once. */
type CallsLeft = (quota: LocalQuota, state: QuotaState) => number;

/** @param now milliseconds since the epoch. */
export function createExpectedWaits(now: () => number, callsLeftOf: CallsLeft): ExpectedWaits {
  /** When requests that were sent back began to wait. */
  const waitingSince = new Map<string, number>();

  const expectedMs = (quota: LocalQuota, ahead: number): number => {
    const { state } = quota;
    if (!quota.limited || !state) return unknownWaitMs;
    const at = now();
    const quotaMs = msPerCall(quota, state);
    // No replica has less than its share for long, whatever it got lately.
    const shareMs = quotaMs === 0 ? longestPaceMs : quotaMs * replicasOf(state, at);
    const eachMs = Math.max(quotaMs, Math.min(quota.paceMs, shareMs));
    return Math.max(0, state.blockedUntil - at) + (ahead + 1) * eachMs;
  };

  const patienceLeft = ({ requestId, patienceMs }: AskedTurn): number =>
    patienceMs - (now() - (waitingSince.get(requestId) ?? now()));

  return {
    expectedMs,
    startingSoon(quota) {
      const { state } = quota;
      if (!quota.limited || !state || now() < state.blockedUntil) return 0;
      return Math.min(callsLeftOf(quota, state), soonMs / (msPerCall(quota, state) * replicasOf(state, now())));
    },
    patienceLeft,
    forget: (requestId) => void waitingSince.delete(requestId),
    sendAway(quota, { resolve, asked }) {
      const at = now();
      const { away } = quota;
      away.forgetUntil(at);
      const isKnown = quota.limited && quota.state !== undefined;
      const haste = quota.state?.source === "learned" ? returnHaste.learned : returnHaste.known;
      const firstMs = expectedMs(quota, quota.waiting.length);
      const stepMs = isKnown ? expectedMs(quota, quota.waiting.length + 1) - firstMs : unknownStepMs;
      const returnAt = away.add(asked.requestId, (place) => at + (firstMs + place * stepMs) * haste);
      if (waitingSince.size < rememberedRequests && !waitingSince.has(asked.requestId)) waitingSince.set(asked.requestId, at);
      const delayMs = Math.ceil(returnAt - at);
      resolve({ kind: "later", delayMs, isTooLong: delayMs > patienceLeft(asked) });
    },
  };
}

/** Between two starts of all replicas together, as the quota allows. */
function msPerCall({ waiting }: LocalQuota, state: QuotaState): number {
  const tokens = waiting.reduce((sum, { owed }) => sum + owed, 0) / Math.max(1, waiting.length);
  return Math.max(1 / requestsPerMs(state), tokens / tokensPerMs(state));
}

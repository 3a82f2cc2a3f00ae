// What the end of a call tells of its quota: here at once, and in the state that all replicas share.
import type { ReportedQuotas } from "@nocp/models/quotas/reported-quotas.ts";
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { KnownQuotas } from "./known-quotas.ts";
import { type Amount, added, unspentOf } from "./lease.ts";
import { type Entry, endLease, expectedTokens, type LocalQuota, learnTokens } from "./local-quota.ts";
import { isNear, type QuotaState, withCorrection, withoutRefused, withRefusal, withReport } from "./quota-state.ts";
import type { TurnOutcome } from "./turn.ts";

export interface LearningOptions {
  readonly shared: SharedState<QuotaState>;
  readonly known: KnownQuotas;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** So many calls at once without a sign of a limit: there is none that matters. */
const wideWindow = 64;
const successesMs = 1_000;
const rememberedSuccesses = 1_000;

/** @returns what takes note of a call that has just left `quota.calls`. */
export function createLearning({ shared, known, now, random }: LearningOptions) {
  return (quota: LocalQuota, outcome: TurnOutcome, { asked, tokens: counted }: Entry): void => {
    const { kind, reported, retryAfterMs, tokens } = outcome;
    const at = now();
    if (tokens) learnTokens(quota, tokens, asked);
    const near = reported !== undefined && isNear(reported, expectedTokens(quota, asked));
    if (kind === "answered") widen(quota, at, reported !== undefined && !near);
    // What the settings say stands.
    const news = quota.state?.source === "configured" ? undefined : reported;
    const tells = kind === "refused" || (news !== undefined && (quota.limited || near));
    const correction = tokens && quota.state?.tokens ? tokens.input + tokens.output - counted : 0;
    if (kind !== "refused" && isToldLater(quota, news, correction, at)) return;
    if (tells) endLease(quota);
    const calls = known.concurrentCalls(quota.key);
    if (!tells && !calls.isLimited && correction === 0) return;
    const recentSuccesses = quota.successes.filter((one) => at - one < successesMs).length;
    const inFlight = { calls: quota.calls, tokens: quota.tokens };
    if (tells) quota.limited = true;
    void shared
      .change(quota.key, (current) => {
        let state = current ?? known.initialState(quota.key);
        // Before the report, which has counted what the call took: after it, that would be taken twice.
        if (state && correction !== 0) state = withCorrection(state, correction, at);
        if (kind === "refused") {
          if (state && reported) state = withoutRefused(state, reported, counted, at);
          state = withRefusal(state, { retryAfterMs, recentSuccesses, random: random() }, at);
        }
        if (news && tells) state = withReport(state, news, inFlight, at);
        if (state) state = calls.withCalls(state, quota.calls, at);
        return { ...(state ? { next: state } : {}), result: state };
      })
      .then((state) => {
        quota.state = state;
        quota.wake?.();
      });
  };
}

/** While there is a lease, what a call took is counted against it, and what the vendor says of plenty is told with the next change. */
function isToldLater(quota: LocalQuota, news: ReportedQuotas | undefined, correction: number, at: number): boolean {
  const { lease, calls, tokens } = quota;
  if (!lease || at >= lease.endsAt) return false;
  const uncounted = { requests: calls, tokens };
  if (news && !leavesRoom(news, added(uncounted, unspentOf(lease)))) return false;
  if (lease.tokens !== undefined) lease.tokens -= correction;
  if (news) quota.report = { reported: news, uncounted };
  return true;
}

/** Much more is left than a process has taken: nobody has to hear of it at once. */
const roomyTimes = 8;
const leavesRoom = ({ requests, tokens }: ReportedQuotas, taken: Amount): boolean =>
  (requests?.remaining ?? Number.POSITIVE_INFINITY) > taken.requests * roomyTimes &&
  (tokens?.remaining ?? Number.POSITIVE_INFINITY) > taken.tokens * roomyTimes;

/** @param isPlenty whether the vendor says that there is much left. */
function widen(quota: LocalQuota, at: number, isPlenty: boolean): void {
  quota.successes.push(at);
  // Seldom, as there may be a thousand a second.
  if (quota.successes.length > 2 * rememberedSuccesses) quota.successes = quota.successes.slice(-rememberedSuccesses);
  quota.window = isPlenty || quota.window + 1 > wideWindow ? Number.POSITIVE_INFINITY : quota.window + 1;
}

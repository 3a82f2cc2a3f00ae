// One limiter for each upstream quota, shared by all replicas: a call starts when its turn has come.
//
// A quota is `open` as long as nothing is known of it: calls start at once, a few at first and more with each answer, so that a
// vendor whose quota is small says so before a burst has been refused. It is `limited` when the settings, the vendor's headers
// or a refusal say so: then each start is taken from the state that all replicas share. A few requests wait here, their leases
// renewed; the others go back to the queue until about their turn.
import { randomUUID } from "node:crypto";
import type { Change, SharedState } from "@nocp/runtime/stores/shared-state.ts";
import {
  type Entry,
  expectedTokens,
  firstWindow,
  type LocalQuota,
  learnTokens,
  newQuota,
  sleepUntilWoken,
} from "./local-quota.ts";
import { createQuotaKeys } from "./quota-key.ts";
import {
  type ConfiguredQuota,
  configuredState,
  isNear,
  type QuotaState,
  requestsPerMs,
  startsIn,
  tokensPerMs,
  withCorrection,
  withoutRefused,
  withRefusal,
  withReport,
  withStart,
} from "./quota-state.ts";
import type { AskedTurn, QuotaLimiter, Turn, TurnOutcome } from "./turn.ts";
import { instalmentOf, leaverOf, nextPayments, type Payment } from "./waiting-room.ts";

export interface LimiterOptions {
  readonly shared: SharedState<QuotaState>;
  /** By `provider/model`, or `provider` for all its models together. */
  readonly settings: Readonly<Record<string, ConfiguredQuota>>;
  /** Messages that the stage handles at once. */
  readonly concurrency: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What came of an attempt to start whoever waits. */
interface Paid {
  readonly paid: number;
  /** Until the next may start, in milliseconds; `undefined` until a call ends. */
  readonly waitMs: number | undefined;
  readonly state: QuotaState | undefined;
  readonly payments: readonly Payment<Entry>[];
}

const wideWindow = 64;
const lookAgainMs = 5_000;
const successesMs = 1_000;
const paymentsAtOnce = 16;
const longestSleepMs = 1_000;
const unknownWaitMs = 500;
/** Part of the expected wait after which a request comes back: the room must not run empty, least of all when the pace is a guess. */
const returnHaste = { known: 0.7, learned: 0.5 };
/** Turns are counted for fairness over so many of them. */
const rememberedTurns = 200;
const replicaForgottenMs = 120_000;
/** A provider is in use when it was called within this time. */
const inUseMs = 60_000;
/** Of the stage's slots one provider may hold this part, when others are in use. */
const largestPart = 0.75;
/** Of the stage's slots those that wait for one limited quota may hold this part. */
const roomPart = 1 / 8;

export function createQuotaLimiter(options: LimiterOptions): QuotaLimiter {
  const { shared, settings, concurrency, now, random } = options;
  const keys = createQuotaKeys(settings);
  const replica = randomUUID();
  const { configured } = keys;
  const quotas = new Map<string, LocalQuota>();
  /** When requests that were sent back began to wait. */
  const waitingSince = new Map<string, number>();

  const quotaOf = async (key: string): Promise<LocalQuota> => {
    const quota = quotas.get(key) ?? newQuota(key, initialState(key, now()));
    quotas.set(key, quota);
    const at = now();
    quota.usedAt = at;
    if (!quota.limited && at - quota.lookedAt >= lookAgainMs) {
      const isFirst = quota.lookedAt === 0;
      quota.lookedAt = at;
      const looked = shared.get(key).then((state) => {
        if (state) Object.assign(quota, { state, limited: true });
      });
      if (isFirst) await looked;
    }
    return quota;
  };

  const mostCalls = (quota: LocalQuota): number => {
    const at = now();
    const isAlone = [...quotas.values()].every((other) => other === quota || at - other.usedAt > inUseMs);
    const part = isAlone ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(concurrency * largestPart));
    return quota.limited ? part : Math.min(part, quota.window);
  };

  const start = (quota: LocalQuota, entry: Entry): void => {
    const { tokens, resolve, asked } = entry;
    const at = now();
    quota.calls += 1;
    quota.tokens += tokens;
    if (quota.startedAt > 0) quota.paceMs = quota.paceMs * 0.8 + Math.min(10_000, at - quota.startedAt) * 0.2;
    quota.startedAt = at;
    waitingSince.delete(asked.requestId);
    let isDone = false;
    resolve({
      kind: "turn",
      done: (outcome) => {
        if (isDone) return;
        isDone = true;
        quota.calls -= 1;
        quota.tokens -= tokens;
        learn(quota, outcome, entry);
        void pump(quota);
      },
    });
  };

  const learn = (quota: LocalQuota, outcome: TurnOutcome, { asked, tokens: counted }: Entry): void => {
    const { kind, reported, retryAfterMs, tokens } = outcome;
    const at = now();
    if (tokens) learnTokens(quota, tokens, asked);
    const near = reported !== undefined && isNear(reported, expectedTokens(quota, asked));
    if (kind === "answered") {
      quota.successes = [...quota.successes.filter((one) => at - one < successesMs), at].slice(-1_000);
      quota.window = reported && !near ? Number.POSITIVE_INFINITY : quota.window + 1;
      if (quota.window > wideWindow) quota.window = Number.POSITIVE_INFINITY;
    }
    const tells = kind === "refused" || (reported !== undefined && (quota.limited || near));
    const isCounted = configured(quota.key)?.concurrentCalls !== undefined;
    const correction = tokens && quota.state?.tokens ? tokens.input + tokens.output - counted : 0;
    if (!tells && !isCounted && correction === 0) return;
    const recentSuccesses = quota.successes.filter((one) => at - one < successesMs).length;
    const inFlight = { calls: quota.calls, tokens: quota.tokens };
    if (tells) quota.limited = true;
    void shared
      .change(quota.key, (current) => {
        let state = current ?? initialState(quota.key, at);
        // Before the report, which has counted what the call took: after it, that would be taken twice.
        if (state && correction !== 0) state = withCorrection(state, correction, at);
        if (kind === "refused") {
          if (state && reported) state = withoutRefused(state, reported, counted, at);
          state = withRefusal(state, { retryAfterMs, recentSuccesses, random: random() }, at);
        }
        if (reported && tells) state = withReport(state, reported, inFlight, at);
        if (state) state = withCalls(state, quota, at);
        return { ...(state ? { next: state } : {}), result: state };
      })
      .then((state) => {
        quota.state = state;
        quota.wake?.();
      });
  };

  const initialState = (key: string, at: number): QuotaState | undefined => {
    const settings = configured(key);
    return settings && configuredState(settings, at);
  };

  const withCalls = (state: QuotaState, quota: LocalQuota, at: number): QuotaState =>
    configured(quota.key)?.concurrentCalls === undefined
      ? state
      : { ...state, inFlight: { ...state.inFlight, [replica]: { calls: quota.calls, at } } };

  /** Of `count` more calls, how many the limit of concurrent ones allows. */
  const mostMore = (state: QuotaState, quota: LocalQuota, at: number): number => {
    const limit = configured(quota.key)?.concurrentCalls;
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    const others = Object.entries(state.inFlight).filter(
      ([name, { at: seen }]) => name !== replica && at - seen < replicaForgottenMs,
    );
    return limit - quota.calls - others.reduce((sum, [, { calls }]) => sum + calls, 0);
  };

  /** Starts whoever's turn has come; one run at a time for each quota. */
  const pump = async (quota: LocalQuota): Promise<void> => {
    quota.wake?.();
    if (quota.pumping) return;
    quota.pumping = true;
    try {
      while (quota.waiting.length > 0) {
        const room = mostCalls(quota) - quota.calls;
        if (room <= 0) break;
        if (!quota.limited) {
          const [payment] = nextPayments(quota.waiting, quota, Number.POSITIVE_INFINITY, 1);
          admit(quota, payment!.entry);
          continue;
        }
        const waitMs = await payNext(quota, Math.min(room, paymentsAtOnce));
        if (waitMs === undefined) break;
        if (waitMs > 0) await sleepUntilWoken(quota, Math.min(longestSleepMs, waitMs));
      }
    } finally {
      quota.pumping = false;
    }
  };

  const admit = (quota: LocalQuota, entry: Entry): void => {
    quota.waiting = quota.waiting.filter((other) => other !== entry);
    quota.turnsOf.set(entry.tenant, (quota.turnsOf.get(entry.tenant) ?? 0) + 1);
    quota.turns += 1;
    if (quota.turns % rememberedTurns === 0) quota.turnsOf.clear();
    start(quota, entry);
  };

  /** @returns how long to wait for the next turn, in milliseconds; `undefined` until a call ends. */
  const payNext = async (quota: LocalQuota, count: number): Promise<number | undefined> => {
    const { paid, waitMs, state, payments } = await shared.change(quota.key, (current): Change<QuotaState, Paid> => {
      const at = now();
      let state = current ?? initialState(quota.key, at);
      if (!state) return { result: { paid: 0, waitMs: 0, state, payments: [] } };
      const largest = state.tokens ? instalmentOf(quota.waiting, state.tokens.capacity) : Number.POSITIVE_INFINITY;
      const payments = nextPayments(quota.waiting, quota, largest, count);
      let allowed = mostMore(state, quota, at);
      let paid = 0;
      let waitMs: number | undefined = allowed <= 0 ? undefined : 0;
      for (const { tokens, isLast } of payments) {
        const calls = isLast ? 1 : 0;
        if (calls > allowed) break;
        waitMs = startsIn(state, calls, tokens, at);
        if (waitMs > 0) break;
        state = withStart(state, calls, tokens, at);
        allowed -= calls;
        paid += 1;
      }
      const next = paid > 0 ? { next: withCalls(state, { ...quota, calls: quota.calls + paid }, at) } : {};
      return { ...next, result: { paid, waitMs, state, payments } };
    });
    quota.state = state;
    // Forgotten: nothing is known any more.
    if (!state) Object.assign(quota, { limited: false, window: firstWindow });
    for (const { entry, tokens, isLast } of payments.slice(0, paid)) {
      entry.paid += tokens;
      // What is expected of the call may have changed while this was on its way.
      entry.owed = Math.max(1, entry.owed - tokens);
      // Who has left meanwhile has paid for nothing.
      if (!isLast || !quota.waiting.includes(entry)) continue;
      entry.tokens = entry.paid;
      admit(quota, entry);
    }
    return waitMs;
  };

  /** Milliseconds until a request behind `ahead` others starts. */
  const expectedMs = (quota: LocalQuota, ahead: number): number => {
    const { state } = quota;
    if (!quota.limited || !state) return unknownWaitMs;
    const tokens = quota.waiting.reduce((sum, entry) => sum + entry.owed, 0) / Math.max(1, quota.waiting.length);
    const eachMs = Math.max(1 / requestsPerMs(state), tokens / tokensPerMs(state), Math.min(quota.paceMs, 5_000));
    return Math.max(0, state.blockedUntil - now()) + (ahead + 1) * eachMs;
  };

  /** Back to the queue: those that are sent away come back one after the other. */
  const sendAway = (quota: LocalQuota, { resolve, asked }: Entry): void => {
    const at = now();
    const waitMs = expectedMs(quota, quota.waiting.length);
    const eachMs = waitMs / (quota.waiting.length + 1);
    const haste = quota.state?.source === "learned" ? returnHaste.learned : returnHaste.known;
    const returnAt = Math.max(at + waitMs * haste, quota.lastReturnAt + eachMs * haste);
    quota.lastReturnAt = returnAt;
    if (waitingSince.size < 100_000 && !waitingSince.has(asked.requestId)) waitingSince.set(asked.requestId, at);
    const delayMs = Math.ceil(returnAt - at);
    resolve({ kind: "later", delayMs, isTooLong: delayMs > patienceLeft(asked) });
  };

  const patienceLeft = ({ requestId, patienceMs }: AskedTurn): number =>
    patienceMs - (now() - (waitingSince.get(requestId) ?? now()));

  const roomOf = (quota: LocalQuota): number =>
    quota.limited || quota.window === Number.POSITIVE_INFINITY
      ? Math.max(1, Math.floor(concurrency * roomPart))
      : Math.max(1, Math.floor(concurrency / 2));

  return {
    async turn(asked) {
      asked.signal.throwIfAborted();
      const quota = await quotaOf(keys.keyOf(asked.candidate));
      asked.signal.throwIfAborted();
      const tokens = expectedTokens(quota, asked);
      const { promise, resolve } = Promise.withResolvers<Turn>();
      const { tenant, lane, deadlineAt } = asked;
      const entry: Entry = { tenant, lane, deadlineAt, owed: tokens, tokens, paid: 0, asked, resolve };
      if (!quota.limited && quota.waiting.length === 0 && quota.calls < mostCalls(quota)) {
        start(quota, entry);
        return promise;
      }
      const expected = expectedMs(quota, quota.waiting.filter((other) => other.deadlineAt <= deadlineAt).length);
      if (now() + expected * 0.8 >= deadlineAt || expected > patienceLeft(asked))
        return { kind: "later", delayMs: Math.ceil(expected), isTooLong: expected > patienceLeft(asked) };
      quota.waiting.push(entry);
      if (quota.waiting.length > roomOf(quota)) {
        const leaver = leaverOf(quota.waiting);
        quota.waiting = quota.waiting.filter((other) => other !== leaver);
        sendAway(quota, leaver);
      }
      void pump(quota);
      return waited(entry, quota, promise, patienceLeft(asked));
    },
  };
}

/** The turn, or what ends the wait before it. */
async function waited(entry: Entry, quota: LocalQuota, turn: Promise<Turn>, patienceMs: number): Promise<Turn> {
  const { signal } = entry.asked;
  const leave = () => {
    const before = quota.waiting.length;
    quota.waiting = quota.waiting.filter((other) => other !== entry);
    quota.wake?.();
    return quota.waiting.length < before;
  };
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    if (leave()) reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = Number.isFinite(patienceMs)
    ? setTimeout(() => {
        if (leave()) entry.resolve({ kind: "later", delayMs: unknownWaitMs, isTooLong: true });
      }, patienceMs)
    : undefined;
  try {
    return await Promise.race([turn, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

// One limiter for each upstream quota, shared by all replicas: a call starts when its turn has come.
//
// A quota is `open` as long as nothing is known of it: calls start at once, a few at first and more with each answer, so that a
// vendor whose quota is small says so before a burst has been refused. It is `limited` when the settings, the vendor's headers
// or a refusal say so: then each start is taken from the state that all replicas share, many at once while plenty is left
// (`lease.ts`). Near the limit a few requests wait here, their deliveries renewed; the others go back to the queue until about
// their turn.
import { randomUUID } from "node:crypto";
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { awaitTurn } from "./await-turn.ts";
import { createExpectedWaits } from "./expected-waits.ts";
import { createKnownQuotas } from "./known-quotas.ts";
import { createLearning } from "./learn-outcome.ts";
import { covers, isRunningOut, takeFrom } from "./lease.ts";
import { countStart, type Entry, expectedTokens, type LocalQuota } from "./local-quota.ts";
import { createQuotaKeys } from "./quota-key.ts";
import type { ConfiguredQuota, QuotaState } from "./quota-state.ts";
import { createTurnStarter } from "./start-turns.ts";
import type { AskedTurn, QuotaLimiter, Turn } from "./turn.ts";
import { leaverOf } from "./waiting-room.ts";

export interface LimiterOptions {
  readonly shared: SharedState<QuotaState>;
  /** By `provider/model`, or `provider` for all its models together. */
  readonly settings: Readonly<Record<string, ConfiguredQuota>>;
  /** Messages that the stage handles at once. */
  readonly concurrency: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** An expectation is no certainty: a wait that is expected to end so much later than the deadline is not begun. */
const likelyPart = 0.8;
const longestPaceMs = 10_000;

export function createQuotaLimiter(options: LimiterOptions): QuotaLimiter {
  const { shared, settings, concurrency, now = Date.now, random = Math.random } = options;
  const { keyOf, configured } = createQuotaKeys(settings);
  const known = createKnownQuotas({ shared, configured, concurrency, replica: randomUUID(), now });
  const waits = createExpectedWaits(now, (quota, state) => known.concurrentCalls(quota.key).mostMore(state, quota.calls, now()));
  const learn = createLearning({ shared, known, now, random });

  const start = (quota: LocalQuota, entry: Entry): void => {
    const at = now();
    countStart(quota, entry.tokens);
    if (quota.startedAt > 0) quota.paceMs = quota.paceMs * 0.8 + Math.min(longestPaceMs, at - quota.startedAt) * 0.2;
    quota.startedAt = at;
    waits.forget(entry.asked.requestId);
    entry.resolve({ kind: "turn", done: endOf(quota, entry) });
  };
  const startTurns = createTurnStarter({ shared, known, start, now });

  const endOf = (quota: LocalQuota, entry: Entry): Extract<Turn, { kind: "turn" }>["done"] => {
    let isDone = false;
    return (outcome) => {
      if (isDone) return;
      isDone = true;
      quota.calls -= 1;
      quota.tokens -= entry.tokens;
      learn(quota, outcome, entry);
      void startTurns(quota);
    };
  };

  /** @returns why the request does not wait here. */
  const refusalOf = (quota: LocalQuota, asked: AskedTurn): Turn | undefined => {
    const ahead = quota.waiting.filter((other) => other.deadlineAt <= asked.deadlineAt).length;
    const expectedMs = waits.expectedMs(quota, ahead);
    const isTooLong = expectedMs > waits.patienceLeft(asked);
    const isTooLate = now() + expectedMs * likelyPart >= asked.deadlineAt;
    return isTooLong || isTooLate ? { kind: "later", delayMs: Math.ceil(expectedMs), isTooLong } : undefined;
  };

  /** While nothing is known of the quota, or from the lease, which is topped up beside the call. */
  const startsUnasked = (quota: LocalQuota, entry: Entry): boolean => {
    const { lease, state, limited } = quota;
    const at = now();
    if (!limited) {
      start(quota, entry);
      return true;
    }
    if (!lease || !covers(lease, entry.tokens, quota.calls, at) || at < (state?.blockedUntil ?? 0)) return false;
    takeFrom(lease, entry.tokens);
    start(quota, entry);
    if (isRunningOut(lease, at)) void startTurns(quota);
    return true;
  };

  return {
    async turn(asked) {
      asked.signal.throwIfAborted();
      const quota = await known.of(keyOf(asked.candidate));
      asked.signal.throwIfAborted();
      quota.away.delete(asked.requestId);
      const tokens = expectedTokens(quota, asked);
      const { promise, resolve } = Promise.withResolvers<Turn>();
      const { tenant, lane, deadlineAt } = asked;
      const entry: Entry = { tenant, lane, deadlineAt, owed: tokens, tokens, paid: 0, asked, resolve };
      if (quota.waiting.length === 0 && quota.calls < known.mostCalls(quota) && startsUnasked(quota, entry)) return promise;
      const refused = refusalOf(quota, asked);
      if (refused) return refused;
      quota.waiting.push(entry);
      const startingSoon = Math.min(waits.startingSoon(quota), known.mostCalls(quota));
      if (quota.waiting.length > Math.max(known.roomOf(quota), startingSoon)) {
        const leaver = leaverOf(quota.waiting);
        quota.waiting = quota.waiting.filter((other) => other !== leaver);
        waits.sendAway(quota, leaver);
      }
      void startTurns(quota);
      return awaitTurn(entry, quota, promise, waits.patienceLeft(asked));
    },
  };
}

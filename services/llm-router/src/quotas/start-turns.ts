// Starts whoever's turn has come: takes what a call needs from the shared state, several calls at once where several wait.
import type { Change, SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { KnownQuotas } from "./known-quotas.ts";
import { type Entry, firstWindow, type LocalQuota, sleepUntilWoken } from "./local-quota.ts";
import { type QuotaState, startsIn, withStart } from "./quota-state.ts";
import { instalmentOf, nextPayments, type Payment } from "./waiting-room.ts";

export interface StartingOptions {
  readonly shared: SharedState<QuotaState>;
  readonly known: KnownQuotas;
  /** Hands a turn to whom it belongs. */
  readonly start: (quota: LocalQuota, entry: Entry) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What came of an attempt to start whoever waits. */
interface Paid {
  readonly paid: number;
  /** Until the next may start, in milliseconds; `undefined` until a call ends. */
  readonly waitMs: number | undefined;
  readonly state: QuotaState | undefined;
  readonly payments: readonly Payment<Entry>[];
}

const paymentsAtOnce = 16;
const longestSleepMs = 1_000;
/** Turns are counted for fairness over so many of them. */
const rememberedTurns = 200;

/** @returns what starts turns as long as somebody waits and there is room; one run at a time for each quota. */
export function createTurnStarter({ shared, known, start, now }: StartingOptions): (quota: LocalQuota) => Promise<void> {
  const admit = (quota: LocalQuota, entry: Entry): void => {
    quota.waiting = quota.waiting.filter((other) => other !== entry);
    quota.turnsOf.set(entry.tenant, (quota.turnsOf.get(entry.tenant) ?? 0) + 1);
    quota.turns += 1;
    if (quota.turns % rememberedTurns === 0) quota.turnsOf.clear();
    start(quota, entry);
  };

  const payNext = async (quota: LocalQuota, count: number): Promise<number | undefined> => {
    const { paid, waitMs, state, payments } = await shared.change(quota.key, (current) =>
      paymentOf(current ?? known.initialState(quota.key), quota, known, count, now()),
    );
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

  return async (quota) => {
    quota.wake?.();
    if (quota.pumping) return;
    quota.pumping = true;
    try {
      while (quota.waiting.length > 0) {
        const room = known.mostCalls(quota) - quota.calls;
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
}

/** The state after the next payments, as many as it has room for. */
function paymentOf(
  stored: QuotaState | undefined,
  quota: LocalQuota,
  known: KnownQuotas,
  count: number,
  at: number,
): Change<QuotaState, Paid> {
  if (!stored) return { result: { paid: 0, waitMs: 0, state: stored, payments: [] } };
  const concurrent = known.concurrentCalls(quota.key);
  const largest = stored.tokens ? instalmentOf(quota.waiting, stored.tokens.capacity) : Number.POSITIVE_INFINITY;
  const payments = nextPayments(quota.waiting, quota, largest, count);
  let state = stored;
  let allowed = concurrent.mostMore(state, quota.calls, at);
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
  const next = paid > 0 ? { next: concurrent.withCalls(state, quota.calls + paid, at) } : {};
  return { ...next, result: { paid, waitMs, state, payments } };
}

// Starts whoever's turn has come: takes what a call needs from the shared state, several calls at once where several wait.
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { KnownQuotas } from "./known-quotas.ts";
import { type Amount, expectedDemand, type Grant, isRunningOut, leaseMs, noAmount, toppedUp, unspentOf } from "./lease.ts";
import { type Entry, endLease, firstWindow, type LocalQuota, sleepUntilWoken } from "./local-quota.ts";
import { exchanged } from "./quota-exchange.ts";
import type { QuotaState } from "./quota-state.ts";
import { nextPayments } from "./waiting-room.ts";

export interface StartingOptions {
  readonly shared: SharedState<QuotaState>;
  readonly known: KnownQuotas;
  /** Hands a turn to whom it belongs. */
  readonly start: (quota: LocalQuota, entry: Entry) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const paymentsAtOnce = 32;
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

  /** @param count the most payments. */
  const payNext = async (quota: LocalQuota, count: number): Promise<number | undefined> => {
    const at = now();
    const calls = known.concurrentCalls(quota.key);
    // Calls at once are given back before more are taken: nobody knows how many of them end meanwhile.
    if (calls.isLimited || (quota.lease && at >= quota.lease.endsAt)) endLease(quota);
    const told = { unspent: quota.unspent, report: quota.report, wish: wishOf(quota, at) };
    Object.assign(quota, { unspent: noAmount, report: undefined, demand: { ...noAmount, since: at } });
    const { paid, waitMs, state, payments, grant } = await shared.change(quota.key, (current) => {
      const { waiting, calls: callsInFlight, lease } = quota;
      const held = lease ? unspentOf(lease) : noAmount;
      const exchange = { ...told, waiting, history: quota, count, calls, callsInFlight, held };
      return exchanged(current ?? known.initialState(quota.key), exchange, now());
    });
    quota.state = state;
    for (const { entry, tokens, isLast } of payments.slice(0, paid)) {
      entry.paid += tokens;
      // What is expected of the call may have changed while this was on its way.
      entry.owed = Math.max(1, entry.owed - tokens);
      // Who has left meanwhile has paid for nothing.
      if (!isLast || !quota.waiting.includes(entry)) continue;
      entry.tokens = entry.paid;
      admit(quota, entry);
    }
    if (grant) extendLease(quota, grant);
    else endLease(quota);
    // Forgotten: nothing is known any more.
    if (!state) Object.assign(quota, { limited: false, window: firstWindow, unspent: noAmount });
    return waitMs;
  };

  const extendLease = (quota: LocalQuota, grant: Grant): void => {
    clearTimeout(quota.leaseTimer);
    quota.lease = toppedUp(quota.lease, grant, now());
    quota.leaseTimer = setTimeout(() => {
      endLease(quota);
      void startTurns(quota);
    }, leaseMs).unref();
  };

  const isDue = ({ lease, unspent }: LocalQuota): boolean =>
    lease ? isRunningOut(lease, now()) : unspent.requests !== 0 || unspent.tokens !== 0;

  const startTurns = async (quota: LocalQuota): Promise<void> => {
    quota.wake?.();
    if (quota.pumping) return;
    quota.pumping = true;
    try {
      while (quota.waiting.length > 0 || isDue(quota)) {
        const room = known.mostCalls(quota) - quota.calls;
        if (room <= 0 && !isDue(quota)) break;
        if (!quota.limited) {
          const [payment] = nextPayments(quota.waiting, quota, Number.POSITIVE_INFINITY, 1);
          admit(quota, payment!.entry);
          continue;
        }
        const waitMs = await payNext(quota, Math.max(0, Math.min(room, paymentsAtOnce)));
        if (waitMs === undefined) break;
        if (waitMs > 0) await sleepUntilWoken(quota, Math.min(longestSleepMs, waitMs));
      }
    } finally {
      quota.pumping = false;
    }
  };
  return startTurns;
}

/** Nothing, when nobody has asked for a turn since the lease was taken. */
const wishOf = ({ demand }: LocalQuota, at: number): Amount => (demand.requests === 0 ? noAmount : expectedDemand(demand, at));

// The budgets of the deployment: which of them a call counts against, and whether they leave room for it.
//
// Reserve the worst case, call, settle what it cost. The definitions are one small record that each replica looks up again
// every other second, beside the calls; without any, a call passes at once.
import { randomUUID } from "node:crypto";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { SharedState } from "../stores/shared-state.ts";
import {
  type Budget,
  type BudgetList,
  type BudgetPayer,
  type BudgetUnit,
  type BudgetWindow,
  counterKey,
  matchingBudgets,
  type SoftAction,
  windowOf,
} from "./budget.ts";
import { type Counter, type CounterClock, createCounter } from "./counter.ts";
import type { CounterState } from "./counter-state.ts";
import { createKnownBudgets, type KnownBudgets } from "./known-budgets.ts";

export interface BudgetOptions {
  readonly definitions: SharedState<BudgetList>;
  readonly counters: SharedState<CounterState>;
  /** Whether calls are made while a budget cannot be asked. */
  readonly failsOpen: boolean;
  readonly clock: CounterClock;
}

/** US dollars, tokens and requests of a call; `null`: nobody knows. */
export type Amounts = Readonly<Record<BudgetUnit, number | null>>;

/** A budget that leaves no room for a call. */
export interface NoRoom {
  readonly kind: "exhausted" | "busy" | "unknown-price" | "unavailable";
  readonly budget: Budget;
  /** What the budget is counted by, such as the tenant; empty: everybody's calls together. */
  readonly counted: string;
  readonly spent: number;
  /** When it begins anew, in milliseconds since the epoch; undefined for a request's own. */
  readonly resetAt: number | undefined;
}

export interface Reservation {
  /** Budgets of which more than the soft limit is spent. */
  readonly overSoft: readonly Budget[];
  /** Once. @param cost what the call cost in the end. */
  settle(cost: Amounts): void;
}

export interface BudgetedCall {
  readonly payer: BudgetPayer;
  readonly candidate: RouteCandidate;
  /** What the request has cost so far. */
  readonly before: Amounts;
}

export interface Budgets {
  reserve(call: BudgetedCall, worstCase: Amounts): Promise<Reservation | NoRoom>;
  /** Spends what a call has cost that was lost with its process. */
  charge(payer: BudgetPayer, candidate: RouteCandidate, cost: Amounts): Promise<void>;
  /** Whether any budget does that beyond its soft limit, as far as this process knows. */
  mayWant(action: SoftAction): boolean;
  /** Whether what the payer has spent is beyond the soft limit of a budget that does that, whatever the model of the route. */
  wants(action: SoftAction, payer: BudgetPayer, route: readonly RouteCandidate[]): Promise<boolean>;
  /** Tells what was spent and gives back what is held. */
  close(): Promise<void>;
}

interface Limit {
  readonly budget: Budget;
  readonly counted: string;
  readonly window: BudgetWindow | undefined;
}

interface Taken {
  readonly budget: Budget;
  /** Absent for a request's own budget, which has none. */
  readonly counter?: Counter;
  /** Of the counter; undefined when it could not be asked, and what the call costs is counted all the same. */
  readonly reserved?: number | undefined;
}

const mostCounters = 10_000;

export function createBudgets({ definitions, counters: shared, failsOpen, clock }: BudgetOptions): Budgets {
  const { now } = clock;
  const known = createKnownBudgets(definitions, now);
  const { counterOf, flush } = createCounters(known, shared, clock);

  const limitsOf = (payer: BudgetPayer, candidate: RouteCandidate): Limit[] => {
    const at = now();
    return matchingBudgets(known.budgets, payer, candidate).map((matched) => ({
      ...matched,
      window: windowOf(matched.budget.per, at),
    }));
  };

  const reserveOne = async (limit: Limit, amount: number | null, before: number): Promise<Taken | NoRoom> => {
    const { budget, counted, window } = limit;
    const noRoom = (kind: NoRoom["kind"], spent: number): NoRoom => ({ kind, budget, counted, spent, resetAt: window?.endsAt });
    if (amount === null) return noRoom("unknown-price", 0);
    if (!window) return before + amount > budget.limit ? noRoom("exhausted", before) : { budget };
    const counter = counterOf(limit, window);
    try {
      const reserved = await counter.reserve(amount);
      return reserved.kind === "reserved" ? { budget, counter, reserved: amount } : noRoom(reserved.kind, reserved.spent);
    } catch {
      return failsOpen ? { budget, counter } : noRoom("unavailable", counter.spent);
    }
  };

  const hasAction = (action: SoftAction): boolean => known.budgets.some(({ soft, onSoft }) => soft !== null && onSoft === action);

  return {
    async reserve({ payer, candidate, before }, worstCase) {
      await known.look();
      const taken: Taken[] = [];
      const settle = (cost: Amounts): void => {
        for (const { budget, counter, reserved } of taken) {
          const spent = cost[budget.unit] ?? reserved ?? 0;
          if (reserved === undefined) counter?.charge(spent);
          else counter?.settle(reserved, spent);
        }
      };
      for (const limit of limitsOf(payer, candidate)) {
        const { unit } = limit.budget;
        const reserved = await reserveOne(limit, worstCase[unit], before[unit] ?? 0);
        if ("kind" in reserved) {
          settle(nothing);
          return reserved;
        }
        taken.push(reserved);
      }
      const overSoft = taken.filter(({ budget, counter }) => isOverSoft(budget, counter)).map(({ budget }) => budget);
      return { overSoft, settle };
    },
    async charge(payer, candidate, cost) {
      await known.look();
      for (const limit of limitsOf(payer, candidate)) {
        if (limit.window) counterOf(limit, limit.window).charge(cost[limit.budget.unit] ?? 0);
      }
    },
    mayWant: (action) => !known.isRead || hasAction(action),
    async wants(action, payer, route) {
      await known.look();
      if (!hasAction(action)) return false;
      return route
        .flatMap((candidate) => limitsOf(payer, candidate))
        .some((limit) => {
          const { budget, window } = limit;
          return budget.onSoft === action && window !== undefined && isOverSoft(budget, counterOf(limit, window));
        });
    },
    close: flush,
  };
}

/** The counters of this process, one for each budget, value and window. */
function createCounters(known: KnownBudgets, shared: SharedState<CounterState>, clock: CounterClock) {
  const replica = randomUUID();
  const counters = new Map<string, Counter>();
  return {
    counterOf({ budget, counted }: Limit, window: BudgetWindow): Counter {
      const key = counterKey(budget, counted, window);
      const existing = counters.get(key);
      if (existing) return existing;
      if (counters.size >= mostCounters) for (const [other, { isIdle }] of counters) if (isIdle) counters.delete(other);
      const limit = () => known.budgets.find(({ id }) => id === budget.id)?.limit ?? budget.limit;
      const counter = createCounter({ key, replica, shared, limit, clock });
      counters.set(key, counter);
      return counter;
    },
    /** Tells what was spent and gives back what is held. */
    async flush(): Promise<void> {
      await Promise.allSettled([...counters.values()].map((counter) => counter.flush()));
    },
  };
}

export const nothing: Amounts = { usd: 0, tokens: 0, requests: 0 };

const isOverSoft = ({ soft }: Budget, counter: Counter | undefined): boolean =>
  soft !== null && counter !== undefined && counter.spent >= soft;

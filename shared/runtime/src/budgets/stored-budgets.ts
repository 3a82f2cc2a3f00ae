// Budgets as the services have them: their definitions, and what is spent of them now.

import type { z } from "zod";
import type { SharedState } from "../stores/shared-state.ts";
import { allowanceText, type Budget, budgetListSchema, budgetScopes, budgetsKey, windowOf } from "./budget.ts";
import { budgetsBucket, spendingBucket, spendingTtlMs } from "./budget-buckets.ts";
import { counterStateSchema, totalsOf } from "./counter-state.ts";

/** A broker's, as far as budgets are concerned. */
export interface BudgetStates {
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
}

const definitionsOf = (broker: BudgetStates) => broker.durableState(budgetsBucket, budgetListSchema, 0);

export const readBudgets = async (broker: BudgetStates): Promise<readonly Budget[]> =>
  (await (await definitionsOf(broker)).get(budgetsKey))?.budgets ?? [];

/** @returns what `change` made of them. */
export async function changeBudgets(
  broker: BudgetStates,
  change: (budgets: readonly Budget[]) => readonly Budget[],
): Promise<readonly Budget[]> {
  const definitions = await definitionsOf(broker);
  return definitions.change(budgetsKey, (current) => {
    const budgets = change(current?.budgets ?? []);
    return { next: { budgets: [...budgets].sort((one, other) => (one.id < other.id ? -1 : 1)) }, result: budgets };
  });
}

export interface CounterRow {
  /** What the budget is counted by; empty: all calls together. */
  readonly counted: string;
  readonly spent: number;
  /** Reserved by calls that run, or kept to spare by a replica. */
  readonly held: number;
}

/** The counters of the present minute, day or month, by budget; most spent first. */
export async function readCounters(
  broker: BudgetStates,
  budgets: readonly Budget[],
  now: number,
): Promise<ReadonlyMap<string, readonly CounterRow[]>> {
  const counters = await broker.durableState(spendingBucket, counterStateSchema, spendingTtlMs);
  const entries = await counters.entries();
  return new Map(
    budgets.map((budget) => {
      const window = windowOf(budget.per, now);
      const prefix = `${budget.id} ${window?.startsAt} `;
      const rows = [...entries]
        .filter(([key]) => window !== undefined && key.startsWith(prefix))
        .map(([key, state]) => ({ counted: key.slice(prefix.length), ...totalsOf(state, now) }));
      return [budget.id, rows.sort((one, other) => other.spent - one.spent)];
    }),
  );
}

export const scopeText = ({ scope }: Budget): string =>
  budgetScopes
    .filter((name) => scope[name] !== undefined)
    .map((name) => (scope[name] === "*" ? `each ${name}` : `${name} ${scope[name]}`))
    .join(", ") || "everything";

/** What a key may spend. */
export type Allowance = Pick<Budget, "limit" | "unit" | "per">;

/** Budgets that come and go with a key of the HTTP API. */
export interface KeyBudgets {
  add(keyId: string, allowances: readonly Allowance[]): Promise<void>;
  /** By the id of a key, as `allowanceText` writes them. */
  all(): Promise<ReadonlyMap<string, readonly string[]>>;
  remove(keyId: string): Promise<void>;
}

export const createKeyBudgets = (broker: BudgetStates): KeyBudgets => ({
  async add(keyId, allowances) {
    if (allowances.length === 0) return;
    const budgets = allowances.map((allowed, index): Budget => {
      const id = `key-${keyId}-${index + 1}`;
      return { id, scope: { key: keyId }, ...allowed, soft: null, onSoft: "warn" };
    });
    await changeBudgets(broker, (others) => [...others, ...budgets]);
  },
  async all() {
    const found = new Map<string, string[]>();
    for (const budget of await readBudgets(broker)) {
      const { key } = budget.scope;
      if (key !== undefined) found.set(key, [...(found.get(key) ?? []), allowanceText(budget)]);
    }
    return found;
  },
  async remove(keyId) {
    const isOf = ({ scope }: Budget) => scope.key === keyId;
    if ((await readBudgets(broker)).some(isOf)) await changeBudgets(broker, (budgets) => budgets.filter((one) => !isOf(one)));
  },
});

/** When a budget begins anew, as ISO 8601; `null` for one of each request by itself. */
export function resetAt({ per }: Budget, now: number): string | null {
  const window = windowOf(per, now);
  return window ? new Date(window.endsAt).toISOString() : null;
}

export interface BudgetView extends Budget {
  readonly resetAt: string | null;
  readonly counters: readonly CounterRow[];
}

/** Budgets with what is spent of them. */
export async function viewBudgets(broker: BudgetStates, now: number): Promise<BudgetView[]> {
  const budgets = await readBudgets(broker);
  const counters = await readCounters(broker, budgets, now);
  return budgets.map((budget) => ({ ...budget, resetAt: resetAt(budget, now), counters: counters.get(budget.id) ?? [] }));
}

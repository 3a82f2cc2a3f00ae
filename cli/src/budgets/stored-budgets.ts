// Budgets as the services have them: their definitions, and what is spent of them now.
import { type Budget, budgetListSchema, budgetScopes, budgetsKey, windowOf } from "@nocp/runtime/budgets/budget.ts";
import { budgetsBucket, spendingBucket, spendingTtlMs } from "@nocp/runtime/budgets/budget-buckets.ts";
import { counterStateSchema, totalsOf } from "@nocp/runtime/budgets/counter-state.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";

const definitionsOf = (broker: Broker) => broker.durableState(budgetsBucket, budgetListSchema, 0);

export const readBudgets = async (broker: Broker): Promise<readonly Budget[]> =>
  (await (await definitionsOf(broker)).get(budgetsKey))?.budgets ?? [];

/** @returns what `change` made of them. */
export async function changeBudgets(
  broker: Broker,
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
  broker: Broker,
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

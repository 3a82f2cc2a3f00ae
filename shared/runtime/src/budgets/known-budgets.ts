// The definitions of budgets, which each replica looks up again every other second, beside the calls.
import type { SharedState } from "../stores/shared-state.ts";
import { type Budget, type BudgetList, budgetsKey } from "./budget.ts";

const lookEveryMs = 2_000;

/** The definitions of budgets, as this process last read them. */
export interface KnownBudgets {
  readonly budgets: readonly Budget[];
  /** Whether they were ever read. */
  readonly isRead: boolean;
  /** Reads them again when it is time. @throws when they were never read, and the broker does not answer. */
  look(): Promise<void>;
}

export function createKnownBudgets(definitions: SharedState<BudgetList>, now: () => number): KnownBudgets {
  let budgets: readonly Budget[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const isRead = (): boolean => lookedAt !== Number.NEGATIVE_INFINITY;
  const lookNow = async (): Promise<void> => {
    try {
      budgets = (await definitions.get(budgetsKey))?.budgets ?? [];
      lookedAt = now();
    } finally {
      looking = undefined;
    }
  };
  return {
    get budgets() {
      return budgets;
    },
    get isRead() {
      return isRead();
    },
    async look() {
      if (now() - lookedAt < lookEveryMs) return;
      looking ??= lookNow();
      if (isRead()) looking.catch(() => undefined);
      else await looking;
    },
  };
}

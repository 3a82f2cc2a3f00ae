// The budgets as a service has them: their definitions and counters in what all replicas share.
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { z } from "zod";
import type { SharedState } from "../stores/shared-state.ts";
import { budgetListSchema } from "./budget.ts";
import { budgetsBucket, spendingBucket, spendingTtlMs } from "./budget-buckets.ts";
import { type Budgets, createBudgets } from "./budgets.ts";
import { budgetsSection } from "./budgets-section.ts";
import { counterStateSchema } from "./counter-state.ts";

interface BudgetResources {
  readonly config: { section<S extends Section>(section: S): SectionValues<S> };
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
  onRelease(release: () => Promise<void>): void;
}

/** A timer that does not keep the process from ending. */
const unheldTimer = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs).unref();
  return () => clearTimeout(timer);
};

/** What is held is given back when the service stops. */
export async function openBudgets({ config, durableState, onRelease }: BudgetResources): Promise<Budgets> {
  const budgets = createBudgets({
    clock: { now: Date.now, after: unheldTimer },
    definitions: await durableState(budgetsBucket, budgetListSchema, 0),
    counters: await durableState(spendingBucket, counterStateSchema, spendingTtlMs),
    failsOpen: config.section(budgetsSection).whenUnavailable === "open",
  });
  onRelease(budgets.close);
  return budgets;
}

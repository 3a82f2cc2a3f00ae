// How often budgets left no room.

import type { NoRoom } from "@nocp/runtime/budgets/budgets.ts";
import { Counter, type Registry } from "prom-client";

export function createBudgetObserver(registry: Registry): (noRoom: NoRoom) => void {
  const refusals = new Counter({
    name: "nocp_budget_refusals_total",
    help: "Calls that a budget left no room for; `reason` is exhausted, busy (running calls hold the rest), unknown-price or unavailable.",
    labelNames: ["budget", "reason"],
    registers: [registry],
  });
  return ({ budget, kind }) => refusals.inc({ budget: budget.id, reason: kind });
}

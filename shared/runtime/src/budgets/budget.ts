// What a budget limits: whose calls, over which time, in what; and which budgets a call counts against. Pure.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { z } from "zod";

export const budgetPeriods = ["request", "minute", "day", "month"] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];
export const budgetUnits = ["usd", "tokens", "requests"] as const;
export type BudgetUnit = (typeof budgetUnits)[number];
export const budgetScopes = ["tenant", "key", "tag", "model"] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** `cheapest`: the cheapest candidate of the route is called first. `economy`: candidates of that tier are called before the route. */
export const softActions = ["warn", "cheapest", "economy"] as const;
export type SoftAction = (typeof softActions)[number];

export const budgetSchema = z.object({
  id: z.string(),
  /** Absent: everybody's calls. `*`: each value counts for itself; with `*` at the end, all that begin so count together. */
  scope: z.partialRecord(z.enum(budgetScopes), z.string()),
  /** In UTC; a request's budget is for each by itself. */
  per: z.enum(budgetPeriods),
  unit: z.enum(budgetUnits),
  limit: z.number().positive(),
  /** From this amount on, requests are warned, and more besides. */
  soft: z.number().nonnegative().nullable(),
  onSoft: z.enum(softActions),
});
export type Budget = z.infer<typeof budgetSchema>;

/** Under one key of a shared state, so that all are read at once. */
export const budgetsKey = "budgets";
export const budgetListSchema = z.object({ budgets: z.array(budgetSchema) });
export type BudgetList = z.infer<typeof budgetListSchema>;

/** Whose call it is. */
export interface BudgetPayer {
  readonly tenant: string;
  readonly key: string | undefined;
  readonly tags: readonly string[];
}

export interface BudgetWindow {
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The minute, day or month of UTC that `now` is in; `undefined` for a request's own budget. */
export function windowOf(per: BudgetPeriod, now: number): BudgetWindow | undefined {
  if (per === "request") return undefined;
  if (per === "month") {
    const date = new Date(now);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return { startsAt: Date.UTC(year, month), endsAt: Date.UTC(year, month + 1) };
  }
  const lengthMs = per === "day" ? dayMs : minuteMs;
  const startsAt = Math.floor(now / lengthMs) * lengthMs;
  return { startsAt, endsAt: startsAt + lengthMs };
}

/** For every budget that a call counts against, the values that it is counted by: one entry for each tag, where tags count. */
export function matchingBudgets(
  budgets: readonly Budget[],
  payer: BudgetPayer,
  { provider, model }: RouteCandidate,
): { readonly budget: Budget; readonly counted: string }[] {
  const valuesOf: Readonly<Record<BudgetScope, readonly string[]>> = {
    tenant: [payer.tenant],
    key: payer.key === undefined ? [] : [payer.key],
    tag: payer.tags,
    model: [`${provider}/${model}`],
  };
  return budgets.flatMap((budget) => {
    let combined = [""];
    for (const scope of budgetScopes) {
      const pattern = budget.scope[scope];
      if (pattern === undefined) continue;
      const values = new Set(valuesOf[scope].flatMap((value) => countedAs(value, pattern)));
      combined = combined.flatMap((before) => [...values].map((value) => (before === "" ? value : `${before} ${value}`)));
    }
    return combined.map((counted) => ({ budget, counted }));
  });
}

/** What a value is counted as; nothing when the pattern does not match it. */
function countedAs(value: string, pattern: string): string[] {
  if (pattern === "*") return [value];
  const matches = pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
  return matches ? [pattern] : [];
}

/** Names the counter of a budget for one value and window. */
export const counterKey = ({ id }: Pick<Budget, "id">, counted: string, { startsAt }: BudgetWindow): string =>
  `${id} ${startsAt} ${counted}`;

/** `5usd/day`: an amount, its unit and its period. @returns undefined for anything else. */
export function parseAllowance(text: string): Pick<Budget, "limit" | "unit" | "per"> | undefined {
  const [, amount, unit, per] = /^(\d+(?:\.\d+)?)(usd|tokens|requests)\/(request|minute|day|month)$/.exec(text) ?? [];
  const limit = Number(amount);
  if (!(limit > 0)) return undefined;
  return { limit, unit: unit as BudgetUnit, per: per as BudgetPeriod };
}

export const allowanceText = ({ limit, unit, per }: Pick<Budget, "limit" | "unit" | "per">): string => `${limit}${unit}/${per}`;

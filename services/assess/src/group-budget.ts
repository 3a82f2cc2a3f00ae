// How many tokens one group of items may take, by the plan.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { defaultBudget } from "./budget.ts";
import type { CompressionWork } from "./compression-plan.ts";
import type { MeasuredItem } from "./compression-strategy.ts";
import type { ItemGroup } from "./group-items.ts";

export interface GroupBudgetInput {
  readonly group: ItemGroup;
  readonly items: readonly MeasuredItem[];
  /** Of a plan that names a size, what is left of it. */
  readonly leftTokens: number;
  /** Raw tokens of this group and those after it. */
  readonly leftRaw: number;
  readonly work: CompressionWork;
}

/** A share of what is left in proportion to the raw tokens; without a size, the least that keeps the recall asked for, or the default. */
export function groupBudget(input: GroupBudgetInput): number {
  const { group, items, leftTokens, leftRaw, work } = input;
  switch (work.plan.kind) {
    case "fit":
      return Math.max(0, Math.floor((leftTokens * group.tokens) / Math.max(1, leftRaw)));
    case "recall":
      return leastBudgetFor(work.plan.floor, input);
    case "worthwhile":
      return worthwhileBudget(group, items[group.positions[0] ?? 0]?.item, work);
  }
}

/** What a question takes of results that earlier ones were asked about: an overview of them stands already. */
const laterShare = 0.8;

function worthwhileBudget({ tokens }: ItemGroup, first: ContextItem | undefined, work: CompressionWork): number {
  const usual = defaultBudget(tokens, first, work.rules);
  const isLater = work.questions > 1 && first?.kind === "tool" && usual < tokens;
  return Math.max(isLater ? Math.floor(usual * laterShare) : usual, Math.floor(tokens * work.leastShare));
}

/** Steps of the search for the least budget: twelve halvings come within a fortieth of a percent. */
const searchSteps = 12;

/** Fewer hold a heading and nothing below it. */
const leastReadableTokens = 80;

function leastBudgetFor(recallFloor: number, { group, items, work: { query, counter } }: GroupBudgetInput): number {
  const strategy = group.strategies[0];
  if (!strategy) return group.tokens;
  const own = group.positions.map((position) => items[position] as MeasuredItem);
  let low = 0;
  let high = group.tokens;
  for (let step = 0; step < searchSteps; step++) {
    const middle = Math.floor((low + high) / 2);
    const { expectedRecall } = strategy.estimate({ items: own, query, counter, budgetTokens: middle });
    if (expectedRecall >= recallFloor) high = middle;
    else low = middle;
  }
  return Math.max(high, Math.min(group.tokens, leastReadableTokens));
}

// Which strategy works on which items: those of one kind together, and what must not change with the rest apart.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { type BudgetRules, ownThreshold } from "./budget.ts";
import type { CompressionWork } from "./compression-plan.ts";
import type { CompressionInput, CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { sumTokens } from "./measure-items.ts";

/** Items that one strategy works on together. */
export interface ItemGroup {
  /** In the order of preference: when one throws, the next is asked. */
  readonly strategies: readonly CompressionStrategy[];
  /** Positions in the request's items. */
  readonly positions: readonly number[];
  readonly tokens: number;
}

export interface ItemGroups {
  /** Smallest first, so that what a group leaves over goes to the larger ones. */
  readonly groups: readonly ItemGroup[];
  /** Positions of items that no strategy takes. */
  readonly untaken: readonly number[];
}

/**
 * Groups items by the strategy that expects to keep most of them within their share of the budget.
 * @param settled positions that no strategy may touch.
 */
export function groupItems(
  items: readonly MeasuredItem[],
  strategies: readonly CompressionStrategy[],
  settled: ReadonlySet<number>,
  work: CompressionWork,
): ItemGroups {
  const rawTokens = sumTokens(items);
  const ratio = work.plan.kind !== "fit" || rawTokens === 0 ? 1 : Math.min(1, work.plan.contentTokens / rawTokens);
  const groups = new Map<string, { strategies: readonly CompressionStrategy[]; positions: number[]; tokens: number }>();
  const untaken: number[] = [];
  items.forEach((item, position) => {
    const isLeft = settled.has(position) || isBelowThreshold(item, work);
    const ranked = isLeft ? [] : rankStrategies(item, ratio, strategies, work);
    if (ranked.length === 0) {
      untaken.push(position);
      return;
    }
    // A conversation is one text of its own, whatever else its strategy takes.
    const key = `${ranked[0]?.name} ${item.item.kind === "message"} ${separationOf(item.item, work)}`;
    const group = groups.get(key) ?? { strategies: ranked, positions: [], tokens: 0 };
    group.positions.push(position);
    group.tokens += item.tokens;
    groups.set(key, group);
  });
  return { groups: [...groups.values()].sort((a, b) => a.tokens - b.tokens), untaken };
}

const isBelowThreshold = ({ item, tokens }: MeasuredItem, { plan, rules }: CompressionWork): boolean =>
  plan.kind !== "fit" && tokens < (ownThreshold(item, rules) ?? 0);

/**
 * Without a size, what differs in cache, round or threshold is cut apart from the rest: the outcome of an old round
 * must not change with a new one, or the vendor's cache of it would be lost.
 */
function separationOf(item: ContextItem, { plan, rules, costs }: CompressionWork): string {
  if (plan.kind === "fit") return "";
  const round = item.kind === "tool" ? (item.round ?? "") : "";
  return `${costs.isCached(item)} ${round} ${toolWithThreshold(item, rules)}`;
}

const toolWithThreshold = (item: ContextItem, rules: BudgetRules): string =>
  item.kind === "tool" && ownThreshold(item, rules) !== undefined ? item.name : "";

/** Best first: fits its share, then expected recall, then fewer tokens, then with a model (it is configured to be used), then name. A single candidate is not estimated. */
function rankStrategies(
  item: MeasuredItem,
  ratio: number,
  strategies: readonly CompressionStrategy[],
  { query, counter }: CompressionWork,
): CompressionStrategy[] {
  const candidates = strategies.filter((strategy) => strategy.takes(item.item));
  if (candidates.length < 2) return candidates;
  const budgetTokens = Math.floor(item.tokens * ratio);
  return candidates
    .map((strategy) => {
      const estimate = safeEstimate(strategy, { query, counter, items: [item], budgetTokens });
      return { strategy, ...estimate, fits: estimate.tokens <= budgetTokens };
    })
    .sort(
      (a, b) =>
        Number(b.fits) - Number(a.fits) ||
        b.expectedRecall - a.expectedRecall ||
        a.tokens - b.tokens ||
        Number(a.strategy.requires === undefined) - Number(b.strategy.requires === undefined) ||
        (a.strategy.name < b.strategy.name ? -1 : 1),
    )
    .map(({ strategy }) => strategy);
}

/** A strategy whose estimate throws is the last choice; its work may still succeed. */
function safeEstimate(strategy: CompressionStrategy, input: CompressionInput) {
  try {
    return strategy.estimate(input);
  } catch {
    return { tokens: Number.POSITIVE_INFINITY, expectedRecall: 0 };
  }
}

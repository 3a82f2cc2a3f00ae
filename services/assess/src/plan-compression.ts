// Which strategy works on which items, and how many tokens each group of items may take.
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";

/** Items that one strategy works on together. */
export interface ItemGroup {
  /** In the order of preference: when one throws, the next is asked. */
  readonly strategies: readonly CompressionStrategy[];
  /** Positions in the request's items. */
  readonly positions: readonly number[];
  readonly tokens: number;
}

export interface PlanInput {
  readonly items: readonly MeasuredItem[];
  readonly strategies: readonly CompressionStrategy[];
  readonly query: string;
  readonly counter: TokenCounter;
  /** Tokens all items together may take. */
  readonly budgetTokens: number;
  /** Items of different keys are never worked on together. */
  readonly keyOf?: (item: MeasuredItem) => string;
  /** Positions that no strategy may touch. */
  readonly settled?: ReadonlySet<number>;
}

export interface CompressionPlan {
  /** Smallest first, so that what a group leaves over goes to the larger ones. */
  readonly groups: readonly ItemGroup[];
  /** Positions of items that no strategy takes. */
  readonly untaken: readonly number[];
}

/** Groups items by the strategy that expects to keep most of them within their share of the budget. */
export function planCompression(input: PlanInput): CompressionPlan {
  const { items, budgetTokens } = input;
  const rawTokens = sumTokens(items);
  const ratio = rawTokens === 0 ? 1 : Math.min(1, budgetTokens / rawTokens);
  const groups = new Map<string, { strategies: readonly CompressionStrategy[]; positions: number[]; tokens: number }>();
  const untaken: number[] = [];
  items.forEach((item, position) => {
    const strategies = input.settled?.has(position) ? [] : rankStrategies(item, ratio, input);
    if (strategies.length === 0) {
      untaken.push(position);
      return;
    }
    const key = `${strategies[0]?.name} ${input.keyOf?.(item) ?? ""}`;
    const group = groups.get(key) ?? { strategies, positions: [], tokens: 0 };
    group.positions.push(position);
    group.tokens += item.tokens;
    groups.set(key, group);
  });
  return { groups: [...groups.values()].sort((a, b) => a.tokens - b.tokens), untaken };
}

/** Best first: fits its share, then expected recall, then fewer tokens, then name. A single candidate is not estimated. */
function rankStrategies(item: MeasuredItem, ratio: number, input: PlanInput): CompressionStrategy[] {
  const candidates = input.strategies.filter((strategy) => strategy.takes(item.item));
  if (candidates.length < 2) return candidates;
  const budgetTokens = Math.floor(item.tokens * ratio);
  return candidates
    .map((strategy) => {
      const estimate = safeEstimate(strategy, { ...input, items: [item], budgetTokens });
      return { strategy, ...estimate, fits: estimate.tokens <= budgetTokens };
    })
    .sort(
      (a, b) =>
        Number(b.fits) - Number(a.fits) ||
        b.expectedRecall - a.expectedRecall ||
        a.tokens - b.tokens ||
        (a.strategy.name < b.strategy.name ? -1 : 1),
    )
    .map(({ strategy }) => strategy);
}

/** A strategy whose estimate throws is the last choice; its work may still succeed. */
function safeEstimate(strategy: CompressionStrategy, input: Parameters<CompressionStrategy["estimate"]>[0]) {
  try {
    return strategy.estimate(input);
  } catch {
    return { tokens: Number.POSITIVE_INFINITY, expectedRecall: 0 };
  }
}

export const sumTokens = (items: readonly { readonly tokens: number }[]): number =>
  items.reduce((sum, item) => sum + item.tokens, 0);

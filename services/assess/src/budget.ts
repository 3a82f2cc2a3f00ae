// How many tokens a compression may leave: asked for by the request, or the default of a kind.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { MeasuredItem } from "./compression-strategy.ts";
import type { ItemGroup } from "./plan-compression.ts";
import { textResultOf } from "./text/text-result.ts";

export interface BudgetRules {
  /** Fewer tokens than this are left alone when the request asks for no size. */
  readonly minTokens: number;
  /** A compression that saves a smaller share than this is thrown away when the request asks for no size. */
  readonly minSavedShare: number;
  /** Share of the tokens that is kept when the request asks for no size. */
  readonly defaultRatio: Readonly<Record<ContextItem["kind"], number>>;
  /** By a tool's name: results of fewer tokens are left alone when the request asks for no size; other tools: `minTokens`. */
  readonly toolThresholds: Readonly<Record<string, number>>;
}

export const defaultBudgetRules: BudgetRules = {
  minTokens: 800,
  minSavedShare: 0.1,
  defaultRatio: { document: 0.35, message: 0.5, tool: 0.3 },
  toolThresholds: {},
};

/**
 * Rows are lost first where there are few of them: up to so many tokens, results of tools keep a larger share. On small
 * tables (some 4,700 tokens) a share of .3 kept every row that a filter or a join needs in .92 of the cases.
 */
const roomyTool = { tokens: 2000, ratio: 0.45 } as const;

/** Tokens kept of so many raw ones of a kind, where the request asks for no size. */
function keptTokens(kind: BudgetKind, tokens: number, { defaultRatio }: BudgetRules): number {
  if (kind === "toolText") return tokens * defaultRatio.tool;
  const kept = tokens * defaultRatio[kind];
  return kind === "tool" ? Math.max(kept, Math.min(tokens * roomyTool.ratio, roomyTool.tokens)) : kept;
}

/** Results that are texts are cut like texts: they have no columns to lose. */
type BudgetKind = ContextItem["kind"] | "toolText";
const budgetKindOf = (item: ContextItem): BudgetKind =>
  item.kind === "tool" && textResultOf(item.data) !== undefined ? "toolText" : item.kind;

const ownThreshold = (item: ContextItem, { toolThresholds }: BudgetRules): number | undefined =>
  item.kind === "tool" && Object.hasOwn(toolThresholds, item.name) ? toolThresholds[item.name] : undefined;

/** Whether a request that asks for no size is left alone at once. */
export const isSmall = (items: readonly MeasuredItem[], rawTokens: number, rules: BudgetRules): boolean =>
  rawTokens < rules.minTokens &&
  !items.some(({ item, tokens }) => tokens >= (ownThreshold(item, rules) ?? Number.POSITIVE_INFINITY));

/** What is left of items by the default shares. */
export function expectedTokens(items: readonly MeasuredItem[], rules: BudgetRules): number {
  const raw = items.reduce((sum, { tokens }) => sum + tokens, 0);
  if (raw < rules.minTokens) return raw;
  const byKind = new Map<BudgetKind, number>();
  for (const { item, tokens } of items) byKind.set(budgetKindOf(item), (byKind.get(budgetKindOf(item)) ?? 0) + tokens);
  return [...byKind].reduce((sum, [kind, tokens]) => sum + keptTokens(kind, tokens, rules), 0);
}

/**
 * Without a size, what differs in cache, round or threshold is cut apart from the rest: the outcome of an old round
 * must not change with a new one, or the vendor's cache of it would be lost.
 */
export function separately(
  { items, settled }: { readonly items: readonly MeasuredItem[]; readonly settled: ReadonlySet<number> },
  rules: BudgetRules,
  { isCached }: { readonly isCached: (item: ContextItem) => boolean },
) {
  const small = items.flatMap(({ item, tokens }, at) => (tokens < (ownThreshold(item, rules) ?? 0) ? [at] : []));
  return {
    settled: new Set([...settled, ...small]),
    keyOf: ({ item }: MeasuredItem): string => {
      const round = item.kind === "tool" ? (item.round ?? "") : "";
      const tool = ownThreshold(item, rules) === undefined ? "" : (item as { readonly name: string }).name;
      return `${isCached(item)} ${round} ${tool}`;
    },
  };
}

/** The request's own limit in tokens; undefined when it sets none. */
export function totalBudget(
  request: { readonly targetRatio?: number | undefined; readonly maxTokens?: number | undefined },
  rawTokens: number,
): number | undefined {
  const limits = [
    ...(request.targetRatio === undefined ? [] : [Math.floor(request.targetRatio * rawTokens)]),
    ...(request.maxTokens === undefined ? [] : [request.maxTokens]),
  ];
  return limits.length === 0 ? undefined : Math.min(...limits);
}

export interface GroupBudgetInput {
  readonly group: ItemGroup;
  readonly items: readonly MeasuredItem[];
  readonly query: string;
  readonly counter: TokenCounter;
  readonly rules: BudgetRules;
  readonly recallFloor: number | undefined;
  /** What is left of the request's limit; undefined when it sets none. */
  readonly leftTokens: number | undefined;
  /** Raw tokens of this group and those after it. */
  readonly leftRaw: number;
}

/** A share of what is left in proportion to the raw tokens; without a limit, the least that keeps the recall asked for. */
export function groupBudget(input: GroupBudgetInput): number {
  const { group, leftTokens, leftRaw, rules, recallFloor } = input;
  if (leftTokens !== undefined) return Math.max(0, Math.floor((leftTokens * group.tokens) / Math.max(1, leftRaw)));
  if (recallFloor !== undefined) return leastBudgetFor(recallFloor, input);
  const first = input.items[group.positions[0] ?? 0]?.item;
  const isOwn = first !== undefined && ownThreshold(first, rules) !== undefined;
  if (!isOwn && group.tokens < rules.minTokens) return group.tokens;
  const kind = first === undefined ? "document" : budgetKindOf(first);
  return Math.floor(keptTokens(kind, group.tokens, rules));
}

/** Steps of the search for the least budget: twelve halvings come within a fortieth of a percent. */
const searchSteps = 12;

/** Fewer hold a heading and nothing below it. */
const leastReadableTokens = 80;

function leastBudgetFor(recallFloor: number, { group, items, query, counter }: GroupBudgetInput): number {
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

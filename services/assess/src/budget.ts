// How many tokens a compression leaves where the request names no size: the default of a kind.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { MeasuredItem } from "./compression-strategy.ts";
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

/** The threshold that the settings give the item's tool; undefined for none. */
export const ownThreshold = (item: ContextItem, { toolThresholds }: BudgetRules): number | undefined =>
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

/** What is left by default of some tokens of one kind, worked on together. @param first one of the items. */
export function defaultBudget(tokens: number, first: ContextItem | undefined, rules: BudgetRules): number {
  const isOwn = first !== undefined && ownThreshold(first, rules) !== undefined;
  if (!isOwn && tokens < rules.minTokens) return tokens;
  return Math.floor(keptTokens(first === undefined ? "document" : budgetKindOf(first), tokens, rules));
}

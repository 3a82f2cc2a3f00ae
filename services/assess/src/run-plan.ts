// Runs a plan group by group, shares the budget among the groups, and joins what is left into one text.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { type BudgetRules, groupBudget } from "./budget.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import type { Economics } from "./economics.ts";
import type { MeteredServices } from "./model-services.ts";
import { type CompressionPlan, sumTokens } from "./plan-compression.ts";
import type { Preparation } from "./prepare-items.ts";
import { type GroupOutcome, runGroup } from "./run-group.ts";

export interface PlanWork {
  /** The items as they came, of which the text is made. */
  readonly original: readonly MeasuredItem[];
  readonly preparation: Preparation;
  readonly query: string;
  readonly recallFloor?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly counter: TokenCounter;
  readonly rules: BudgetRules;
  readonly metered: MeteredServices;
  readonly economics: Economics;
}

export interface PlanOutcome {
  readonly text: string;
  readonly strategies: readonly StrategyReport[];
  /** One for each item, in their order. */
  readonly pieces: readonly CompressedPiece[];
  /** The items of which something is no longer in the text: what the archive keeps. */
  readonly removed: readonly MeasuredItem[];
  readonly warnings: readonly Warning[];
}

/** @param limitTokens undefined: each group gets the default share of its kind. */
export async function runPlan(
  plan: CompressionPlan,
  { original, preparation, query, recallFloor, signal, counter, rules, metered, economics }: PlanWork,
  limitTokens: number | undefined,
): Promise<PlanOutcome> {
  const { items } = preparation;
  const pieces: CompressedPiece[] = items.map((item, at) => ({ ...rawPiece(item), removed: preparation.reduced.has(at) }));
  const reports: StrategyReport[] = [...preparation.reports];
  const warnings: Warning[] = [...preparation.warnings];
  let leftTokens =
    limitTokens === undefined ? undefined : limitTokens - sumTokens(plan.untaken.map((at) => items[at] as MeasuredItem));
  let leftRaw = sumTokens(plan.groups);
  for (const group of plan.groups) {
    const budgetTokens = groupBudget({
      group,
      items,
      leftTokens,
      leftRaw,
      rules,
      recallFloor,
      query,
      counter,
    });
    const outcome: GroupOutcome = await runGroup({
      group,
      all: items,
      query,
      budgetTokens,
      counter,
      economics,
      isSizeGiven: leftTokens !== undefined || recallFloor !== undefined,
      minSavedShare: rules.minSavedShare,
      metered,
      signal,
    });
    const isLossless = group.strategies.find(({ name }) => name === outcome.report.strategy)?.loss === "lossless";
    group.positions.forEach((position, at) => {
      const piece = outcome.pieces[at] ?? (pieces[position] as CompressedPiece);
      // Whatever a strategy says of itself: what does not stand there word for word is archived.
      const isChanged = preparation.reduced.has(position) || (!isLossless && piece.text !== items[position]?.text);
      pieces[position] = { ...piece, removed: piece.removed || isChanged };
    });
    reports.push(outcome.report);
    warnings.push(...outcome.warnings);
    leftRaw -= group.tokens;
    if (leftTokens !== undefined) leftTokens = Math.max(0, leftTokens - outcome.report.after);
  }
  const text = joinPieces(original, pieces);
  return {
    text,
    strategies: reports,
    pieces,
    removed: original.filter((_, at) => pieces[at]?.removed),
    warnings,
  };
}

export const rawPiece = ({ item, text, tokens }: MeasuredItem): CompressedPiece => ({
  itemId: item.id,
  text,
  tokens,
  removed: false,
});

/** Documents are set apart by a blank line, other items by a line break. */
export function joinPieces(items: readonly MeasuredItem[], pieces: readonly CompressedPiece[]): string {
  let text = "";
  pieces.forEach((piece, at) => {
    if (piece.text === "") return;
    const separator = items[at]?.item.kind === "document" ? "\n\n" : "\n";
    text += text === "" ? piece.text : `${separator}${piece.text}`;
  });
  return text;
}

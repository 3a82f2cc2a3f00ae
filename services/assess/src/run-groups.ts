// Runs the groups of a plan one by one, shares the budget among them, and joins what is left into one text.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import type { CompressionWork } from "./compression-plan.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import { groupBudget } from "./group-budget.ts";
import type { ItemGroup, ItemGroups } from "./group-items.ts";
import { joinTexts, sumTokens } from "./measure-items.ts";
import type { Preparation } from "./prepare-items.ts";
import { type GroupOutcome, runGroup } from "./run-group.ts";

export interface CompressionOutcome {
  readonly text: string;
  readonly strategies: readonly StrategyReport[];
  /** One for each item, in their order. */
  readonly pieces: readonly CompressedPiece[];
  /** The items of which something is no longer in the text: what the archive keeps. */
  readonly removed: readonly MeasuredItem[];
  readonly warnings: readonly Warning[];
}

/** @param original the items as they came, of which the text is made. */
export async function runGroups(
  { groups, untaken }: ItemGroups,
  original: readonly MeasuredItem[],
  preparation: Preparation,
  work: CompressionWork,
): Promise<CompressionOutcome> {
  const { items, reduced, repeated } = preparation;
  const pieces: CompressedPiece[] = items.map((item, at) => ({
    ...rawPiece(item),
    removed: reduced.has(at),
    ...(repeated.has(at) && { isWhole: true }),
  }));
  const outcomes: GroupOutcome[] = [];
  const contentTokens = work.plan.kind === "fit" ? work.plan.contentTokens : Number.POSITIVE_INFINITY;
  let leftTokens = contentTokens - sumTokens(untaken.map((at) => items[at] as MeasuredItem));
  let leftRaw = sumTokens(groups);
  for (const group of groups) {
    const outcome = await runGroup(group, items, groupBudget({ group, items, leftTokens, leftRaw, work }), work);
    const isLossless = isLosslessOutcome(group, outcome);
    group.positions.forEach((position, at) => {
      const piece = outcome.pieces[at] ?? (pieces[position] as CompressedPiece);
      // Whatever a strategy says of itself: what does not stand there word for word is archived.
      const isChanged = reduced.has(position) || (!isLossless && piece.text !== items[position]?.text);
      pieces[position] = { ...piece, removed: piece.removed || isChanged };
    });
    outcomes.push(outcome);
    leftRaw -= group.tokens;
    leftTokens = Math.max(0, leftTokens - outcome.report.after);
  }
  return {
    text: joinTexts(original, pieces),
    strategies: [...preparation.reports, ...outcomes.map(({ report }) => report)],
    pieces,
    removed: original.filter((_, at) => pieces[at]?.removed),
    warnings: [...preparation.warnings, ...outcomes.flatMap(({ warnings }) => warnings)],
  };
}

const isLosslessOutcome = ({ strategies }: ItemGroup, { report }: GroupOutcome): boolean =>
  strategies.find(({ name }) => name === report.strategy)?.loss === "lossless";

export const rawPiece = ({ item, text, tokens }: MeasuredItem): CompressedPiece => ({
  itemId: item.id,
  text,
  tokens,
  removed: false,
});

// Cuts structured values down to what a question asks for, within a budget of tokens.

import type { Question } from "@nocp/text/questions/question.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { type FittedText, fitToBudget } from "./fit-to-budget.ts";
import type { FollowedRows } from "./follow-keys.ts";
import { prioritiesOf } from "./leaf-priority.ts";
import { createLeafSelection } from "./leaf-selection.ts";
import type { StructureReading } from "./read-structure.ts";
import { renderLeaves } from "./render-leaves.ts";
import { type RowRelevance, relevanceOfRows } from "./row-relevance.ts";
import { labelColumnsOf, type RowColumns } from "./rows.ts";

export interface Projection extends FittedText {
  /** Values there were to keep. */
  readonly total: number;
}

/**
 * @param followed rows that keys of other tables lead to.
 * @param opening stands before what is kept, e.g. the tool's name; counted with it.
 * @returns at most `budgetTokens` tokens; an empty text when nothing fits.
 */
export function projectValue(
  reading: StructureReading,
  question: Question,
  followed: FollowedRows,
  rawTokens: number,
  budgetTokens: number,
  counter: TokenCounter,
  opening: string,
): Projection {
  const { tree, rowColumns, columns } = reading;
  const rows = relevanceOfRows(reading, question, followed);
  const labels = labelColumnsOf(tree.columns, rowColumns, columns);
  const priorities = prioritiesOf(tree, question, columns, rows, focusOf(rows, rowColumns, budgetTokens / rawTokens));
  const selection = createLeafSelection(tree, priorities, rowColumns, labels);
  const render = () => opening + renderLeaves(selection.picked, tree.root, rowColumns);
  const fitted = fitToBudget(selection, render, budgetTokens, counter, counter.count(opening));
  return { ...fitted, total: tree.leaves.length };
}

/** Share of the budget that rows in full may take before the columns of the others. */
const shareForRows = 0.7;

function focusOf(rows: RowRelevance, rowColumns: RowColumns, ratio: number): number {
  let rowCount = 0;
  for (const [column, row] of rowColumns) if (column === row) rowCount += row.containerCount;
  const fitting = shareForRows * ratio * Math.max(1, rowCount);
  return Math.min(1, fitting / Math.max(1, rows.standingRows));
}

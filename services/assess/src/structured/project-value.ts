// Cuts structured values down to what a question asks for, within a budget of tokens.

import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import type { Question } from "@nocp/text/questions/question.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { type FittedText, fitToBudget } from "./fit-to-budget.ts";
import type { FollowedRows } from "./follow-keys.ts";
import { prioritiesOf } from "./leaf-priority.ts";
import { createLeafSelection } from "./leaf-selection.ts";
import type { StructureReading } from "./read-structure.ts";
import { removedValues } from "./removed-values.ts";
import { renderLeaves } from "./render-leaves.ts";
import { type RowRelevance, relevanceOfRows } from "./row-relevance.ts";
import { labelColumnsOf, type RowColumns } from "./rows.ts";
import type { TreeNode } from "./value-tree.ts";

export interface Projection extends FittedText {
  /** Values there were to keep. */
  readonly total: number;
  /** What was left out, where that is asked for. */
  readonly parts?: readonly RemovedPart[];
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
  explain = false,
): Projection {
  const { tree, rowColumns, columns } = reading;
  const rows = relevanceOfRows(reading, question, followed);
  const labels = labelColumnsOf(tree.columns, rowColumns, columns);
  const priorities = prioritiesOf(tree, question, columns, rows, focusOf(rows, rowColumns, budgetTokens / rawTokens));
  const selection = createLeafSelection(tree, priorities, rowColumns, labels);
  /** The leaves of each text that was tried; the last of a text are the same as the first. */
  const pickedOf = new Map<string, readonly TreeNode[]>();
  const render = () => {
    const text = opening + renderLeaves(selection.picked, tree.root, rowColumns);
    if (explain) pickedOf.set(text, [...selection.picked]);
    return text;
  };
  const fitted = fitToBudget(selection, render, budgetTokens, counter, counter.count(opening));
  const parts = explain ? { parts: removedValues(tree, pickedOf.get(fitted.text) ?? [], rowColumns) } : {};
  return { ...fitted, total: tree.leaves.length, ...parts };
}

/** Share of the budget that rows in full may take before the columns of the others. */
const shareForRows = 0.7;

function focusOf(rows: RowRelevance, rowColumns: RowColumns, ratio: number): number {
  let rowCount = 0;
  for (const [column, row] of rowColumns) if (column === row) rowCount += row.containerCount;
  const fitting = shareForRows * ratio * Math.max(1, rowCount);
  return Math.min(1, fitting / Math.max(1, rows.standingRows));
}

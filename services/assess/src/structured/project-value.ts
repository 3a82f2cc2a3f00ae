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
import type { Column, TreeNode } from "./value-tree.ts";

export interface Projection extends FittedText {
  /** Values there were to keep. */
  readonly total: number;
  /** What was left out, where that is asked for. */
  readonly parts?: readonly RemovedPart[];
  /** The leaves that are written, where that is asked for. */
  readonly units?: readonly number[];
}

export interface ProjectionForm {
  /** Stands before what is kept, e.g. the tool's name; counted with it. */
  readonly opening: string;
  /** Whether to say what was left out. */
  readonly explain?: boolean | undefined;
  /** Leaves that stand elsewhere: rows of such leaves alone are not written again. Where given, the outcome lists its leaves. */
  readonly written?: ReadonlySet<number> | undefined;
}

/**
 * @param followed rows that keys of other tables lead to.
 * @returns at most `budgetTokens` tokens; an empty text when nothing fits.
 */
export function projectValue(
  reading: StructureReading,
  question: Question,
  followed: FollowedRows,
  rawTokens: number,
  budgetTokens: number,
  counter: TokenCounter,
  { opening, explain = false, written }: ProjectionForm,
): Projection {
  const { tree, rowColumns, columns } = reading;
  const rows = relevanceOfRows(reading, question, followed);
  const labels = labelColumnsOf(tree.columns, rowColumns, columns);
  const priorities = prioritiesOf(tree, question, columns, rows, focusOf(rows, rowColumns, budgetTokens / rawTokens));
  const selection = createLeafSelection(tree, priorities, rowColumns, labels);
  /** The leaves of each text that was tried; the last of a text are the same as the first. */
  const pickedOf = new Map<string, readonly TreeNode[]>();
  const textOf = (leaves: readonly TreeNode[]) => opening + renderLeaves(leaves, tree.root, rowColumns);
  const render = () => {
    const text = textOf(selection.picked);
    if (explain || written) pickedOf.set(text, [...selection.picked]);
    return text;
  };
  const fitted = fitToBudget(selection, render, budgetTokens, counter, counter.count(opening));
  const picked = pickedOf.get(fitted.text) ?? [];
  const added = written ? newLeaves(picked, written, rowColumns, labels) : picked;
  const parts = explain ? { parts: removedValues(tree, added, rowColumns) } : {};
  const units = written ? { units: added.map(({ leafIndex }) => leafIndex) } : {};
  return { ...fitted, ...rewritten(), total: tree.leaves.length, ...parts, ...units };

  function rewritten(): Partial<FittedText> {
    if (added.length === picked.length) return {};
    const text = added.length === 0 ? "" : textOf(added);
    return { text, tokens: text === "" ? 0 : counter.count(text), kept: added.length };
  }
}

/** Of leaves, those that are new, and what tells their rows apart. */
function newLeaves(
  picked: readonly TreeNode[],
  written: ReadonlySet<number>,
  rowColumns: RowColumns,
  labels: ReadonlyMap<Column, readonly Column[]>,
): readonly TreeNode[] {
  const isNew = ({ leafIndex }: TreeNode) => !written.has(leafIndex);
  const rows = new Set(picked.filter(isNew).map((leaf) => rowAbove(leaf, rowColumns)));
  const isLabel = (leaf: TreeNode) => labels.get(rowColumns.get(leaf.column) as Column)?.includes(leaf.column) === true;
  return picked.filter((leaf) => isNew(leaf) || (isLabel(leaf) && rows.has(rowAbove(leaf, rowColumns))));
}

/** The row that a leaf is a field of; the leaf itself outside of rows. */
function rowAbove(leaf: TreeNode, rowColumns: RowColumns): TreeNode {
  const row = rowColumns.get(leaf.column);
  for (let node = row ? leaf.parent : null; node; node = node.parent) if (node.column === row) return node;
  return leaf;
}

/** Share of the budget that rows in full may take before the columns of the others. */
const shareForRows = 0.7;

function focusOf(rows: RowRelevance, rowColumns: RowColumns, ratio: number): number {
  let rowCount = 0;
  for (const [column, row] of rowColumns) if (column === row) rowCount += row.containerCount;
  const fitting = shareForRows * ratio * Math.max(1, rowCount);
  return Math.min(1, fitting / Math.max(1, rows.standingRows));
}

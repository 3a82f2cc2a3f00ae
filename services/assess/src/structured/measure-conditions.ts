// Conditions that a question sets on the numbers and times of rows: comparisons, and extremes.

import { numberOf, passesAll, type Question } from "@nocp/text/questions/question.ts";
import { isIdentifierColumn, isMeasureColumn, isTimeColumn } from "./column-kinds.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import { metRelevance, type Raise } from "./raise-rows.ts";
import { type RowColumns, rowOf } from "./rows.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";

/** Rows shown of each end of a column. */
const extremeRows = 8;

/** Rows whose numbers pass what the question compares with. */
export function applyComparisons(
  tree: ValueTree,
  question: Question,
  columns: ColumnRelevance,
  rowColumns: RowColumns,
  raise: Raise,
): void {
  if (question.comparisons.length === 0) return;
  const sought = new Set(measureColumns(columns, tree.columns, (column) => column.timestampCount === 0).slice(0, 2));
  for (const leaf of tree.leaves) {
    if (!sought.has(leaf.column)) continue;
    const value = measureOf(leaf);
    if (value === undefined) continue;
    if (passesAll(value, question.comparisons)) raise(rowOf(leaf, rowColumns), metRelevance);
  }
}

/** Rows at the ends of the columns that the question asks for. */
export function applyExtremes(
  tree: ValueTree,
  question: Question,
  columns: ColumnRelevance,
  rowColumns: RowColumns,
  raise: Raise,
): void {
  const wants = question.wantsHighest || question.wantsLowest;
  const sought = measureColumns(
    columns,
    tree.columns,
    (column) => question.wantsTime || isMeasureColumn(column) || (columns.scoreOf.get(column) ?? 0) >= 0.3,
  );
  if (sought.length === 0 && !wants) return;
  const byColumn = new Map<Column, { leaf: TreeNode; value: number }[]>(sought.map((column) => [column, []]));
  for (const leaf of tree.leaves) {
    const measured = byColumn.get(leaf.column);
    const value = measured && measureOf(leaf);
    if (value !== undefined) measured?.push({ leaf, value });
  }
  for (const measured of byColumn.values()) {
    measured.sort((a, b) => b.value - a.value);
    const strength = wants ? 1 : 0.35;
    for (let rank = 0; rank < Math.min(extremeRows, measured.length); rank++) {
      const high = measured[rank];
      const low = measured[measured.length - 1 - rank];
      const ranked = strength * (rank === 0 ? 1 : 0.72 - rank * 0.04);
      if (high && (question.wantsHighest || !wants)) raise(rowOf(high.leaf, rowColumns), ranked);
      if (low && (question.wantsLowest || !wants)) raise(rowOf(low.leaf, rowColumns), ranked);
    }
  }
}

/** Columns of numbers or times that the question asks for, best first, at most three; all of them when it names none. */
function measureColumns(columns: ColumnRelevance, all: readonly Column[], wanted: (column: Column) => boolean): Column[] {
  const measures = all.filter((column) => column.leafCount > 1 && hasMeasures(column) && wanted(column));
  const scored = measures
    .map((column) => ({ column, score: columns.scoreOf.get(column) ?? 0 }))
    .sort((a, b) => b.score - a.score);
  const best = scored[0]?.score ?? 0;
  return scored
    .filter(({ score }) => (best > 0.2 ? score >= 0.6 * best : true))
    .slice(0, best > 0.2 ? 3 : 6)
    .map(({ column }) => column);
}

function hasMeasures(column: Column): boolean {
  if (isMeasureColumn(column) || isTimeColumn(column)) return true;
  if (isIdentifierColumn(column)) return false;
  let sampled = 0;
  let numbers = 0;
  for (const text of column.counts.keys()) {
    if (numberOf(text) !== undefined) numbers++;
    if (++sampled === 8) break;
  }
  return numbers >= 0.75 * sampled;
}

/** A number, or milliseconds of a time. */
function measureOf(leaf: TreeNode): number | undefined {
  if (leaf.kind === "number") return Number(leaf.text);
  if (leaf.kind === "timestamp") {
    const time = Date.parse(leaf.text as string);
    return Number.isNaN(time) ? undefined : time;
  }
  return leaf.kind === "word" ? numberOf(leaf.text as string) : undefined;
}

// Rows: which collection on the way to a leaf is the table it belongs to, and which of its columns names a row.

import { isIdentifierColumn, isLabelColumn, isMeasureColumn, isNameColumn, isTimeColumn } from "./column-kinds.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import type { Column, TreeNode } from "./value-tree.ts";
import { distinctLimit, mapKeyColumn } from "./value-tree.ts";

/** A collection with this many elements on average is a table of its own, even inside another's rows. */
const tableSize = 8;

/** The element column whose nodes are the rows that a column's leaves belong to; undefined outside of collections. */
export type RowColumns = ReadonlyMap<Column, Column | undefined>;

/** Average number of elements in the collections that an element column belongs to. */
export function averageSize(element: Column): number {
  const collections = element.parent?.containerCount ?? 0;
  return (element.containerCount + element.leafCount) / Math.max(1, collections);
}

export function rowColumnsOf(columns: readonly Column[]): RowColumns {
  const rowColumns = new Map<Column, Column | undefined>();
  for (const column of columns) {
    const inherited = column.parent ? rowColumns.get(column.parent) : undefined;
    const isRow = column.isElement && column.containerCount > 0;
    const replaces = isRow && (!inherited || (averageSize(inherited) < tableSize && averageSize(column) >= tableSize));
    rowColumns.set(column, replaces ? column : inherited);
  }
  return rowColumns;
}

/** The row a node belongs to, or undefined. */
export function rowOf(node: TreeNode, rowColumns: RowColumns): TreeNode | undefined {
  const rowColumn = rowColumns.get(node.column);
  if (!rowColumn) return undefined;
  for (let ancestor: TreeNode | null = node; ancestor; ancestor = ancestor.parent)
    if (ancestor.column === rowColumn && ancestor.text === undefined) return ancestor;
  return undefined;
}

/** For each row column: the leaf column that names a row best (unique, short, called name or id or as the question says), or two. */
export function labelColumnsOf(
  columns: readonly Column[],
  rowColumns: RowColumns,
  relevance: ColumnRelevance,
): ReadonlyMap<Column, readonly Column[]> {
  const best = new Map<Column, { column: Column; score: number }>();
  const substitutes = new Map<Column, Substitutes>();
  for (const column of columns) {
    const row = rowColumns.get(column);
    if (!row || column.leafCount === 0 || column.isElement || crossesCollection(column, row)) continue;
    noteSubstitute(column, row, substitutes);
    const score = labelScore(column, row, relevance.scoreOf.get(column) ?? 0);
    if (score > (best.get(row)?.score ?? 0.5)) best.set(row, { column, score });
  }
  const labels = new Map<Column, Column[]>();
  for (const [row, { entity, time }] of substitutes)
    if (!best.has(row))
      labels.set(
        row,
        [entity, time].filter((column) => column !== undefined),
      );
  for (const [row, { column }] of best) {
    const name = isNameColumn(column) ? undefined : substitutes.get(row)?.name;
    labels.set(row, name && name !== column ? [column, name] : [column]);
  }
  return labels;
}

interface Substitutes {
  entity?: Column;
  time?: Column;
  /** What people call the row, beside its number. */
  name?: Column;
}

/** Rows that no single column tells apart, such as readings: the thing and the time do. */
function noteSubstitute(column: Column, row: Column, substitutes: Map<Column, Substitutes>): void {
  const found = substitutes.get(row) ?? {};
  const isCommon = column.leafCount - column.emptyCount > 0.8 * row.containerCount;
  if (isCommon && !found.time && column.timestampCount > 0.5 * column.leafCount) found.time = column;
  const isWord = column.numberCount + column.timestampCount + column.noiseCount < 0.2 * column.leafCount || isNamed(column);
  if (isCommon && !found.entity && isWord && column.counts.size > 2) found.entity = column;
  if (
    isCommon &&
    !found.name &&
    isNameColumn(column) &&
    column.parent === row &&
    column.counts.size > 0.3 * Math.min(distinctLimit, row.containerCount)
  )
    found.name = column;
  substitutes.set(row, found);
}

const isNamed = (column: Column): boolean => isLabelColumn(column) || isNameColumn(column) || column.key === mapKeyColumn;

function crossesCollection(column: Column, row: Column): boolean {
  for (let parent = column.parent; parent && parent !== row; parent = parent.parent) if (parent.isElement) return true;
  return false;
}

function labelScore(column: Column, row: Column, relevance: number): number {
  const rows = Math.max(1, row.containerCount);
  const distinct = column.counts.size >= distinctLimit ? column.leafCount * 0.98 : column.counts.size;
  const uniqueness = Math.min(1, distinct / rows);
  if (uniqueness < 0.5) return 0;
  const named = isNamed(column);
  let length = 0;
  let sampled = 0;
  for (const text of column.counts.keys()) {
    length += text.length;
    if (++sampled === 16) break;
  }
  const depth = distance(column, row);
  if (isMeasureColumn(column) || isTimeColumn(column)) return 0;
  return (
    uniqueness +
    (named ? 0.6 : isIdentifierColumn(column) ? -0.4 : 0) +
    Math.min(0.5, relevance * 0.5) -
    (column.noiseCount / column.leafCount) * 0.8 -
    Math.min(0.6, length / Math.max(1, sampled) / 100) -
    0.1 * (depth - 1) -
    0.005 * Math.min(40, column.order - row.order)
  );
}

function distance(column: Column, ancestor: Column): number {
  let steps = 0;
  for (let parent: Column | null = column; parent && parent !== ancestor; parent = parent.parent) steps++;
  return steps;
}

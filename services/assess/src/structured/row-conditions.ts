// Conditions that a question sets on rows: values they must not have, numbers they must pass, flags, and extremes.
import { isFlagColumn, isIdentifierColumn, isMeasureColumn, isTimeColumn } from "./column-kinds.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import { numberOf, type Question } from "./question.ts";
import { absenceWords } from "./question-words.ts";
import { type RowColumns, rowOf } from "./rows.ts";
import { isInRanges } from "./time-ranges.ts";
import type { ValueHits } from "./value-hits.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";
import { stemOf, wordsOfKey, wordsOfText } from "./words.ts";

export interface RowConditions {
  /** How well a row meets the conditions, 0 to 1; absent for a row that meets none. */
  readonly met: ReadonlyMap<TreeNode, number>;
  /** Rows that hold what the question wants left out. */
  readonly negated: ReadonlySet<TreeNode>;
}

/** Notes that a row meets a condition. */
type Raise = (row: TreeNode | undefined, relevance: number) => void;

/** Relevance of a row that meets a condition. */
export const metRelevance = 0.9;
/** Rows shown of each end of a column. */
const extremeRows = 8;

export function conditionsOfRows(
  tree: ValueTree,
  question: Question,
  columns: ColumnRelevance,
  hits: ValueHits,
  rowColumns: RowColumns,
): RowConditions {
  const met = new Map<TreeNode, number>();
  const raise: Raise = (row, relevance) => {
    if (row) met.set(row, Math.max(met.get(row) ?? 0, relevance));
  };
  const isMissingAsked = applyAbsence(tree, question, columns, rowColumns, raise);
  const negated =
    question.isNegated && !isMissingAsked ? applyNegation(tree, question, hits, rowColumns, raise) : new Set<TreeNode>();
  applyTimes(tree, question, columns, rowColumns, raise, negated);
  applyComparisons(tree, question, columns, rowColumns, raise);
  applyFlags(tree, question, columns, rowColumns, raise);
  applyExtremes(tree, question, columns, rowColumns, raise);
  return { met, negated };
}

/** A question for what is paid or not paid: rows whose flag says so. */
function applyFlags(tree: ValueTree, question: Question, columns: ColumnRelevance, rowColumns: RowColumns, raise: Raise): void {
  let best: Column | undefined;
  let bestScore = 0.3;
  for (const column of tree.columns) {
    const score = columns.scoreOf.get(column) ?? 0;
    if (!isFlagColumn(column) || score <= bestScore || column.leafCount < 2) continue;
    best = column;
    bestScore = score;
  }
  if (!best) return;
  const sought = question.isNegated || isNegatedName(best.key, question) ? "false" : "true";
  for (const leaf of tree.leaves)
    if (leaf.column === best && leaf.kind === "boolean" && leaf.text === sought) raise(rowOf(leaf, rowColumns), metRelevance);
}

const negatingPrefixes = ["un", "in", "non", "dis"];

/** Whether the question asks for the opposite of a flag by its name: `unverified` of `verified`. */
function isNegatedName(key: string, question: Question): boolean {
  const words = new Set(wordsOfText(question.text));
  return wordsOfKey(key).some((word) => negatingPrefixes.some((prefix) => words.has(prefix + word)));
}

/** "Who has no email?": rows in which the column is empty or not there. Returns whether that is asked. */
function applyAbsence(
  tree: ValueTree,
  question: Question,
  columns: ColumnRelevance,
  rowColumns: RowColumns,
  raise: Raise,
): boolean {
  const words = wordsOfText(question.text);
  const isAbsence = words.some((word) => absenceWords.has(word));
  if (!isAbsence && question.negatedWords.length === 0) return false;
  const named = new Set((isAbsence ? words : question.negatedWords.flat()).map(stemOf));
  const isNamed = ({ key }: Column) => wordsOfKey(key).some((word) => named.has(stemOf(word)));
  const sought = tree.columns.filter(
    (column) => column.leafCount > 0 && isNamed(column) && (columns.scoreOf.get(column) ?? 0) > 0.3 && isSometimesMissing(column),
  );
  if (sought.length === 0) return false;
  const filled = new Map(sought.map((column) => [column, new Set<TreeNode>()]));
  const rows = new Set<TreeNode>();
  for (const leaf of tree.leaves) {
    const row = rowOf(leaf, rowColumns);
    if (!row) continue;
    rows.add(row);
    if (leaf.kind !== "empty") filled.get(leaf.column)?.add(row);
  }
  for (const [column, having] of filled)
    for (const row of rows) if (row.column === rowColumns.get(column) && !having.has(row)) raise(row, metRelevance);
  return true;
}

const isSometimesMissing = (column: Column): boolean =>
  column.emptyCount > 0 || column.leafCount < (column.parent?.containerCount ?? 0);

/** Rows without the negated values of a column are asked for; rows with them are not. */
function applyNegation(
  tree: ValueTree,
  question: Question,
  { namedColumns, matchOf }: ValueHits,
  rowColumns: RowColumns,
  raise: Raise,
): Set<TreeNode> {
  const negated = new Set<TreeNode>();
  const candidates = [...namedColumns].filter(([column, worth]) => {
    const isCategory = column.counts.size <= Math.max(2, column.leafCount / 2);
    return isCategory && worth > 0.05;
  });
  const best = (some: typeof candidates) => some.toSorted(([, a], [, b]) => b - a)[0]?.[0];
  const bound = best(candidates.filter(([column]) => holdsNegatedValue(column, question)));
  const column = bound ?? best(candidates);
  if (!column) return negated;
  // What else the question names is wanted as it is: rows are then known by that.
  const isAlone = bound === undefined || candidates.length === 1;
  for (const leaf of tree.leaves) {
    if (leaf.column !== column) continue;
    const row = rowOf(leaf, rowColumns);
    if (row && (matchOf.get(leaf) ?? 0) > 0) negated.add(row);
    else if (isAlone) raise(row, metRelevance);
  }
  return negated;
}

/** Whether one of the column's values stands right behind a word of negation. */
function holdsNegatedValue({ counts }: Column, { negatedWords }: Question): boolean {
  const stems = negatedWords.map((words) => new Set(words.map(stemOf)));
  for (const value of counts.keys()) {
    const words = wordsOfText(value).map(stemOf);
    if (words.length > 0 && stems.some((known) => words.every((word) => known.has(word)))) return true;
  }
  return false;
}

/** Rows of the times that the question names; the others are left out. */
function applyTimes(
  tree: ValueTree,
  { times }: Question,
  columns: ColumnRelevance,
  rowColumns: RowColumns,
  raise: Raise,
  negated: Set<TreeNode>,
): void {
  if (times.length === 0) return;
  const candidates = tree.columns.filter((column) => column.leafCount > 1 && isTimeColumn(column));
  const scoreOf = (column: Column) => columns.scoreOf.get(column) ?? 0;
  const best = Math.max(0, ...candidates.map(scoreOf));
  const sought = new Set(candidates.filter((column) => scoreOf(column) >= 0.6 * best));
  const within = new Set<TreeNode>();
  const without = new Set<TreeNode>();
  for (const leaf of tree.leaves) {
    if (!sought.has(leaf.column)) continue;
    const row = rowOf(leaf, rowColumns);
    const isWithin = isInRanges(leaf.text as string, times);
    if (row && isWithin !== undefined) (isWithin ? within : without).add(row);
  }
  // A table without any row of the time is not what the time was said of.
  if (within.size === 0) return;
  for (const row of within) raise(row, metRelevance);
  for (const row of without) if (!within.has(row)) negated.add(row);
}

function applyComparisons(
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
    const isMet = question.comparisons.every(({ operator, value: bound }) =>
      operator === ">" ? value >= bound : value <= bound,
    );
    if (isMet) raise(rowOf(leaf, rowColumns), metRelevance);
  }
}

function applyExtremes(
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

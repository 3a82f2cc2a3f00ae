// Conditions that a question sets on rows: values they must not have, what is missing, flags, times, and those on measures.

import type { Question } from "@nocp/text/questions/question.ts";
import { absenceWords } from "@nocp/text/questions/question-words.ts";
import { isInRanges } from "@nocp/text/questions/time-ranges.ts";
import { wordsOfKey, wordsOfText } from "@nocp/text/words/split-words.ts";
import { isFlagColumn, isTimeColumn } from "./column-kinds.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import { applyComparisons, applyExtremes } from "./measure-conditions.ts";
import { metRelevance, type Raise } from "./raise-rows.ts";
import { type RowColumns, rowOf } from "./rows.ts";
import type { ValueHits } from "./value-hits.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";

export interface RowConditions {
  /** How well a row meets the conditions, 0 to 1; absent for a row that meets none. */
  readonly met: ReadonlyMap<TreeNode, number>;
  /** Rows that hold what the question wants left out. */
  readonly negated: ReadonlySet<TreeNode>;
}

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
function isNegatedName(key: string, { words }: Question): boolean {
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
  const { words, stemOf } = question;
  const isAbsence = words.intersection(absenceWords).size > 0;
  if (!isAbsence && question.negatedWords.length === 0) return false;
  const named = new Set((isAbsence ? [...words] : question.negatedWords.flat()).map(stemOf));
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
function holdsNegatedValue({ counts }: Column, { negatedWords, stemOf }: Question): boolean {
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

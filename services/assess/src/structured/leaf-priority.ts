// The order in which leaves of structured data are kept: how much the question asks for them, and how much they tell.

import type { Question } from "@nocp/text/questions/question.ts";
import { asksForFailure, isAlarming } from "@nocp/text/words/alarming-words.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import type { RowRelevance } from "./row-relevance.ts";
import type { ValueKind } from "./value-kind.ts";
import { type Column, mapKeyColumn, type ValueTree } from "./value-tree.ts";

/** How much a value tells somebody who asked for nothing in particular, by its kind. */
const informativeness: Readonly<Record<ValueKind, number>> = {
  word: 0.8,
  number: 0.5,
  timestamp: 0.65,
  prose: 0.55,
  boolean: 0.25,
  opaque: 0.2,
  url: 0.06,
  empty: 0.02,
};

/** What a heading or section of a text says counts for its parts, less with each level. */
const inheritedShare = 0.6;
/** What a failure's report is raised by: above all else where the question is about one. */
const askedFailure = 10;
const untoldFailure = 0.3;

/** Different texts remembered; beyond them every text counts as new. */
const mostSeen = 200_000;

/**
 * A priority for each leaf, in the order of the tree's leaves; greater is kept first.
 * @param focus 0 to 1: how much of the rows that stand out fits into the budget.
 */
export function prioritiesOf(
  tree: ValueTree,
  question: Question,
  columns: ColumnRelevance,
  rows: RowRelevance,
  focus: number,
): Float64Array {
  const priorities = new Float64Array(tree.leaves.length);
  const columnScore = columnScoresOf(tree.columns, columns, rows);
  const columnTelling = Float64Array.from(tree.columns, tellingOfColumn);
  const askedOf = Float64Array.from(tree.columns, (column) => columnScore.get(column) ?? 0);
  const nth = new Uint32Array(tree.columns.length);
  const seen = new Set<string>();
  const matches = new Float64Array(tree.leaves.length);
  const wantsFailure = asksForFailure(question.text);
  for (const [index, leaf] of tree.leaves.entries()) {
    const text = leaf.text as string;
    const isRepeated = seen.has(text);
    if (!isRepeated && seen.size < mostSeen) seen.add(text);
    const column = leaf.column.order;
    const before = nth[column] as number;
    nth[column] = before + 1;
    const telling = informativeness[leaf.kind] * (columnTelling[column] as number) * shortness(text);
    const news = telling * (isRepeated ? 0.45 : 1) * (before < 3 ? 1 : 1 / (1 + before / 8));
    const asked = askedOf[column] as number;
    const row = rows.relevanceOf(leaf);
    const above = leaf.part?.parentDistance ?? 0;
    const match = (rows.matchOf.get(leaf) ?? 0) + (above === 0 ? 0 : inheritedShare * (matches[index - above] as number));
    matches[index] = match;
    const isNoise = leaf.kind === "url" || leaf.kind === "opaque" || leaf.kind === "empty";
    const ask = (isNoise && asked < 0.6 ? asked * 0.4 : asked) * (1 - rows.certainty * (1 - row) * 0.65);
    const shown = row * row * (0.5 + telling) * (0.3 + 0.7 * focus);
    let priority = ask * (0.9 + 0.9 * row) + shown + 0.25 * news + match * (leaf.kind === "prose" ? 1.2 : 0.5);
    if (question.isOverview) priority += 0.5 * news;
    else if (!isRepeated && (leaf.kind === "word" || leaf.kind === "prose") && isAlarming(text)) priority += 0.15;
    if (leaf.part?.isFailure) priority += wantsFailure ? askedFailure : untoldFailure;
    priorities[index] = priority;
  }
  return priorities;
}

/** What the question's words say, or that it names values of the column. */
export function columnScoresOf(
  all: readonly Column[],
  columns: ColumnRelevance,
  rows: Pick<RowRelevance, "namedColumns">,
): ReadonlyMap<Column, number> {
  const scores = new Map(columns.scoreOf);
  for (const column of all) {
    const named = rows.namedColumns.get(column);
    if (named !== undefined) scores.set(column, Math.max(scores.get(column) ?? 0, Math.min(0.9, named * 1.1)));
  }
  return scores;
}

/** Constant columns, identifiers of machines and long lists of ids tell little. */
function tellingOfColumn(column: Column): number {
  if (column.key === mapKeyColumn && column.parent?.isElement) return 0.3;
  if (column.leafCount < 3)
    return /(?:^|[_\s.-])(?:id|uid|guid|etag|sha|hash)$|[a-z](?:Id|Uid|ID|UID)$/.test(column.key) ? 0.6 : 1;
  if (column.counts.size === 1) return 0.4;
  const isIdentifier = /(?:^|[_\s.-])(?:ids?|uid|guid|hash|sha)$|[a-z](?:Ids?|Uid|ID)$/.test(column.key);
  return isIdentifier ? 0.6 : 1;
}

/** 1 for a short text, less for a long one: what it costs. */
const shortness = (text: string): number => 1 / (1 + text.length / 160);

// Joins: rows of other tables that hold a key of the row the question names.

import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import { stemOf } from "@nocp/text/words/stem.ts";
import { isIdentifierColumn } from "./column-kinds.ts";
import type { StructureReading } from "./read-structure.ts";
import { rowOf } from "./rows.ts";
import type { Column, TreeNode } from "./value-tree.ts";

/** Rows that keys lead to, each with how sure it is, 0 to 1. */
export type FollowedRows = ReadonlyMap<TreeNode, number>;

/** A row that the question names by its key or name: its keys are followed. */
const namedRelevance = 0.8;
/** With more of them the question names no single thing. */
const maxNamedRows = 8;
/** A key that leads to more rows than this is a category. */
const maxRowsOfKey = 50;
/** Less than a row that the question names itself. */
const followedRelevance = 0.85;
/** A shorter key, or a number, may be the same by chance: only columns of the same thing match then. */
const minTellingLength = 5;

/** @returns for each reading the rows that keys of named rows, in any of them, lead to. Linear in the leaves. */
export function followKeys(readings: readonly StructureReading[]): FollowedRows[] {
  const keys = new Map<string, Column[]>();
  for (const reading of readings) collectKeys(reading, keys);
  return readings.map((reading) => (keys.size === 0 ? new Map() : rowsWith(keys, reading)));
}

function collectKeys({ tree, hits, rowColumns }: StructureReading, keys: Map<string, Column[]>): void {
  if (!hits.isAnchored) return;
  const named = new Set<TreeNode>();
  for (const [record, relevance] of hits.records)
    if (relevance >= namedRelevance && rowColumns.get(record.column) === record.column) named.add(record);
  if (named.size === 0 || named.size > maxNamedRows) return;
  for (const leaf of tree.leaves) {
    if (!isKey(leaf) || hits.matchOf.has(leaf)) continue;
    const row = rowOf(leaf, rowColumns);
    if (!row || !named.has(row)) continue;
    const columns = keys.get(leaf.text as string);
    if (!columns) keys.set(leaf.text as string, [leaf.column]);
    else if (!columns.includes(leaf.column)) columns.push(leaf.column);
  }
}

function rowsWith(keys: ReadonlyMap<string, readonly Column[]>, { tree, rowColumns }: StructureReading): FollowedRows {
  const rowsOfKey = new Map<string, Set<TreeNode>>();
  for (const leaf of tree.leaves) {
    const sources = isKey(leaf) ? keys.get(leaf.text as string) : undefined;
    const row = sources && rowOf(leaf, rowColumns);
    if (!row || !sources.some((source) => rowColumns.get(source) !== row.column && isSameThing(source, leaf))) continue;
    const rows = rowsOfKey.get(leaf.text as string) ?? new Set();
    rowsOfKey.set(leaf.text as string, rows.add(row));
  }
  const followed = new Map<TreeNode, number>();
  for (const rows of rowsOfKey.values())
    if (rows.size <= maxRowsOfKey) for (const row of rows) followed.set(row, followedRelevance);
  return followed;
}

const isKey = ({ kind, column }: TreeNode): boolean =>
  (kind === "word" || kind === "number" || kind === "opaque") && isIdentifierColumn(column);

const isTelling = (text: string): boolean => text.length >= minTellingLength && /\p{L}/u.test(text) && /\p{N}/u.test(text);

function isSameThing(source: Column, target: TreeNode): boolean {
  return isTelling(target.text as string) || thingOf(source) === thingOf(target.column);
}

/** What an identifier is of: `customer` for `customer_id`, and for `id` in `customers`. */
function thingOf(column: Column): string {
  const own = wordsOfKey(column.key).slice(0, -1).join(" ");
  if (own !== "") return stemOf(own);
  for (let parent = column.parent; parent; parent = parent.parent) {
    const word = wordsOfKey(parent.key).at(-1);
    if (word !== undefined) return stemOf(word);
  }
  return "";
}

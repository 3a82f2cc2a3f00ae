// What a whole column holds: measures, identifiers, flags, categories.
import { identifierWords, labelWords, nameWords } from "@nocp/text/words/field-words.ts";
import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import type { Column } from "./value-tree.ts";

/** Whether the column's key says that it holds names for machines: ids, numbers, codes. */
export const isIdentifierColumn = (column: Column): boolean => identifierWords.has(wordsOfKey(column.key).at(-1) ?? "");

/** Whether the column's key says that it holds what a row is called by: an id, a number, a key. */
export const isLabelColumn = (column: Column): boolean => labelWords.has(wordsOfKey(column.key).at(-1) ?? "");

/** Whether the column's key says that it holds names for people. */
export const isNameColumn = (column: Column): boolean =>
  nameWords.has(wordsOfKey(column.key).at(-1) ?? "") && column.noiseCount === 0;

/** Whether its values are numbers that can be compared. */
export const isMeasureColumn = (column: Column): boolean =>
  column.numberCount > 0.7 * (column.leafCount - column.emptyCount) && !isIdentifierColumn(column);

export const isTimeColumn = (column: Column): boolean => column.timestampCount > 0.7 * (column.leafCount - column.emptyCount);

export const isFlagColumn = (column: Column): boolean =>
  column.numberCount === 0 && column.counts.size <= 3 && (column.counts.has("true") || column.counts.has("false"));

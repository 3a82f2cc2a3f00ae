// Records alike as parts of a text, whatever the kind of text: where each begins and ends, and what tells it from the others.
import type { Lines } from "./lines.ts";
import { shapeOf } from "./record-keys.ts";
import { recordPatternOf } from "./record-pattern.ts";

/** UTF-16 units up to which a record is kept whole or not at all. */
export const longestWhole = 480;

/** Lines of a record that may be kept together because they name it. */
const longestName = 3;

export interface RecordSections {
  /** Line of the first record. */
  readonly first: number;
  begins(line: number): boolean;
  /** The line after the last one of the record that begins at a line. */
  endOf(line: number): number;
  /** What tells a record from the others. */
  nameOf(from: number, end: number): string;
  /** The line after those that name the record that begins at `from`: they are kept or removed together. */
  bodyOf(from: number, end: number): number;
}

/** @returns undefined for a text that is no sequence of records alike. */
export function recordSectionsOf(lines: Lines): RecordSections | undefined {
  const pattern = recordPatternOf(lines);
  if (pattern === undefined) return undefined;
  const { begins, naming } = pattern;
  const next = (from: number): number => {
    let line = from;
    while (line < lines.count && !begins(line)) line++;
    return line;
  };
  const namedAt = (from: number, end: number): number | undefined => {
    if (naming === "") return undefined;
    for (let line = from + 1; line < end; line++) if (shapeOf(lines.head(line)) === naming) return line;
    return undefined;
  };
  return {
    first: next(0),
    begins,
    endOf: (line) => next(line + 1),
    nameOf: (from, end) => {
      // A rule says nothing.
      const isRuled = /^\s*([^\p{L}\p{N}\s])\1{2,}\s*$/u.test(lines.head(from)) && from + 1 < end;
      const first = lines.head(isRuled ? from + 1 : from).trim();
      const named = namedAt(from, end);
      return named === undefined ? first : `${first} ${lines.head(named).trim()}`;
    },
    bodyOf: (from, end) => {
      const named = namedAt(from, Math.min(end, from + longestName));
      return (named ?? from) + 1;
    },
  };
}

// The first lines of a text, with what records are told from.
import type { Lines } from "./lines.ts";
import { keyedOf, marksOf } from "./record-keys.ts";

/** Lines that are looked at for what comes back. */
export const longestLook = 240;
export const fewestRecords = 4;

/** A text's first lines. */
export interface Looked {
  readonly heads: readonly string[];
  /** Lines that are not blank. */
  readonly text: readonly number[];
  readonly marks: readonly string[];
  /** What their first words are told from. */
  readonly keyed: readonly string[];
  readonly indents: readonly number[];
  /** Whether nothing stands right above a line. */
  readonly areApart: readonly boolean[];
}

export function lookAt(lines: Lines): Looked {
  const heads = Array.from({ length: Math.min(lines.count, longestLook) }, (_, line) => lines.head(line));
  return {
    heads,
    text: heads.flatMap((head, line) => (head.trim() === "" ? [] : [line])),
    marks: heads.map(marksOf),
    keyed: heads.map(keyedOf),
    indents: heads.map((head) => /^[ \t]*/.exec(head)?.[0].length ?? 0),
    areApart: heads.map((_, line) => line === 0 || heads[line - 1]?.trim() === ""),
  };
}

// The contract of a recogniser: one kind of text, how it is told from others, and where its units begin.
import type { Lines } from "./lines.ts";
import type { UnitBuilder } from "./unit-builder.ts";

/** What recognisers look at before a text is read: a few lines from all over it. */
export interface TextSample {
  readonly text: string;
  readonly lines: Lines;
  /** Beginnings of lines that are not blank, in their order: the first ones, and short runs of others from all over the text. */
  readonly heads: readonly string[];
  /** File name or title that came with the text, lower case; empty for none. */
  readonly name: string;
  /** Share of `heads` that match. */
  share(pattern: RegExp): number;
  count(pattern: RegExp): number;
}

export interface TextKind {
  /** Kebab-case. */
  readonly name: string;
  /** File names that suggest it, lower case: it is asked before the kinds that are not suggested. */
  readonly names?: RegExp;
  /** Cheap: looks at the sample, never at the whole text, but for a search of a fixed string. */
  matches(sample: TextSample): boolean;
  /** One pass over the lines, in their order. */
  read(lines: Lines, units: UnitBuilder, sample: TextSample): void;
}

const firstHeads = 32;
/** Runs of lines from the rest: records as long as the distance of two samples would show the same line of each. */
const runs = 14;
const linesOfRun = 4;

export function sampleOf(lines: Lines, name: string): TextSample {
  const heads: string[] = [];
  const take = (line: number) => {
    if (line < lines.count && !lines.isBlank(line)) heads.push(lines.head(line));
  };
  for (let line = 0; line < Math.min(firstHeads, lines.count); line++) take(line);
  const rest = lines.count - firstHeads;
  const distance = Math.max(linesOfRun, rest / runs);
  for (let run = 0; run * distance < rest; run++) {
    const from = firstHeads + Math.floor(run * distance);
    for (let line = from; line < from + linesOfRun; line++) take(line);
  }
  const count = (pattern: RegExp): number => heads.reduce((sum, head) => sum + (pattern.test(head) ? 1 : 0), 0);
  return {
    text: lines.text,
    lines,
    heads,
    name: name.toLowerCase(),
    count,
    share: (pattern) => (heads.length === 0 ? 0 : count(pattern) / heads.length),
  };
}

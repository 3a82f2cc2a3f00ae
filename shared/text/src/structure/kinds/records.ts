// Records one after the other, as dumps, exports and reports have them: each begins like the others and goes on like them.
import type { Lines } from "../lines.ts";
import { type RecordPattern, recordPatternOf, shapeOf } from "../record-pattern.ts";
import type { TextKind } from "../text-kind.ts";
import { readOutline } from "./outline.ts";

/** UTF-16 units up to which a record is kept whole or not at all. */
export const longestWhole = 480;

export const records: TextKind = {
  name: "records",
  matches: ({ lines }) => recordPatternOf(lines) !== undefined,
  read: (lines, units) => {
    const pattern = recordPatternOf(lines);
    if (pattern === undefined) return;
    const { begins } = pattern;
    let line = 0;
    while (line < lines.count && !begins(line)) line++;
    readOutline(lines, units, 0, line);
    while (line < lines.count) {
      let end = line + 1;
      while (end < lines.count && !begins(end)) end++;
      const start = lines.start(line);
      if (lines.start(end) - start <= longestWhole) units.add(start, "record", level);
      else {
        units.open(start, "record", { level, label: nameOf(lines, line, end, pattern) });
        readOutline(lines, units, line + 1, end);
      }
      line = end;
    }
  },
};

/** Above whatever an outline opens. */
const level = -1;

function nameOf(lines: Lines, from: number, end: number, { naming }: RecordPattern): string {
  const first = lines.head(from).trim();
  if (naming === "") return first;
  for (let line = from + 1; line < end; line++)
    if (shapeOf(lines.head(line)) === naming) return `${first} ${lines.head(line).trim()}`;
  return first;
}

// Records one after the other, as dumps, exports and reports have them: each begins like the others and goes on like them.
import { recordPatternOf } from "../record-pattern.ts";
import { longestWhole, recordSectionsOf } from "../record-sections.ts";
import type { TextKind } from "../text-kind.ts";
import { readOutline } from "./outline.ts";

const markdown = /\.(?:md|markdown)$/;

export const records: TextKind = {
  name: "records",
  // Pages of records without marks of their own are asked for before headings are.
  names: markdown,
  matches: ({ name, lines, count }) => !(markdown.test(name) && count(/^#{1,6} \S/) > 0) && recordPatternOf(lines) !== undefined,
  read: (lines, units) => {
    const sections = recordSectionsOf(lines);
    if (sections === undefined) return;
    readOutline(lines, units, 0, sections.first);
    for (let line = sections.first; line < lines.count; ) {
      const end = sections.endOf(line);
      const start = lines.start(line);
      if (lines.start(end) - start <= longestWhole) units.add(start, "record", level);
      else {
        units.open(start, "record", { level, label: sections.nameOf(line, end) });
        readOutline(lines, units, sections.bodyOf(line, end), end);
      }
      line = end;
    }
  },
};

/** Above whatever an outline opens. */
const level = -1;

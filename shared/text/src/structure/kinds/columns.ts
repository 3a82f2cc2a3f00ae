// Tables of fixed columns under a header in capitals, as kubectl, docker and ps print them.
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";

/** Words with one blank between them are of one column or of two; after more than that, a column's name begins. */
const header =
  /^(?=.*[A-Z]{2})(?=.*[ \t][A-Z%#(])[A-Z%][A-Z0-9_%()/:#.+-]*(?: [A-Z0-9_%()/:#.+-]+|(?: {2,}|\t)[A-Z%#(][A-Z0-9_%()/:#.+-]*)*\s*$/;

const isHeader = (lines: Lines, line: number): boolean => {
  const head = lines.head(line);
  return header.test(head) && head.trim().split(/\s+/).length >= 3 && !header.test(lines.head(line + 1));
};

export const columns: TextKind = {
  name: "columns",
  matches: ({ lines, heads }) => {
    if (heads.length < 4) return false;
    let line = 0;
    while (lines.isBlank(line)) line++;
    return isHeader(lines, line) && /\S\s{2,}\S|\t/.test(lines.head(line + 1));
  },
  read: (lines, units) => {
    for (let line = 0; line < lines.count; line++) {
      if (lines.isBlank(line)) continue;
      const isFirst = line === 0 || lines.isBlank(line - 1);
      if (isFirst && isHeader(lines, line)) units.open(lines.start(line), "table", { level: 0 });
      else units.add(lines.start(line), "row");
    }
  },
};

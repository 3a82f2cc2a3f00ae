// Hits of a search that each name their file, as `grep -n` and compilers' lists print them: one unit each, never folded.
import type { TextKind } from "../text-kind.ts";

const hit = /^(?:\.{0,2}\/)?[^\s:][^:\n]{0,200}?[:(-]\d+(?:[:,]\d+)?\)?[:-]/;
/** Other lines of the same output: groups of context, binary files. */
const between = /^(?:--|Binary file .* matches|grep: .*)$/;
const path = /^[^\s:]*[/.\\][^\s:]*[:(-]\d/;
const trouble = /\b(?:error|warning)\b/i;

export const grepHits: TextKind = {
  name: "grep-hits",
  matches: ({ heads, share }) => heads.length >= 4 && share(hit) > 0.8 && share(path) > 0.7 && share(trouble) < 0.5,
  read: (lines, units) => {
    for (let line = 0; line < lines.count; line++) {
      const head = lines.head(line);
      if (!lines.isBlank(line) && (line === 0 || !between.test(head))) units.add(lines.start(line), "line");
    }
  },
};

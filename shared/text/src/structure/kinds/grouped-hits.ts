// Lists under the name of a file or folder: `rg --heading`, `ls -R`, `tree`-like listings with a path above each group.
import type { Lines } from "../lines.ts";
import type { TextKind, TextSample } from "../text-kind.ts";

/** A date is no number of a line. */
const numbered = /^(?!\d{4}-\d\d-\d\d)\s*\d+(?:[:-]|\s*[│|])/;
const folder = /^(?:\.{0,2}\/|[A-Za-z]:\\)?[^\s:*-][^:*]{0,200}:$/;
const path = /^(?:\.{0,2}\/)?[\w@.+~-]+(?:[/\\][\w@.+~ ()[\]-]+)*$/;

/** Whether the name of a group stands alone above its hits. */
const isHitHeading = (lines: Lines, line: number): boolean =>
  !numbered.test(lines.head(line)) && path.test(lines.head(line).trim()) && numbered.test(lines.head(line + 1));

/** `src/text:` after a blank line, entries below it. */
const isFolderHeading = (lines: Lines, line: number): boolean =>
  folder.test(lines.head(line)) && (line === 0 || lines.isBlank(line - 1)) && !lines.isBlank(line + 1);

function isListing({ lines, heads, share }: TextSample): boolean {
  if (share(/^\s/) > 0.2 || share(/[.;!?]\s|[=#{}]|^[-*•] /) > 0.15) return false;
  const first = heads[0] ?? "";
  if (!folder.test(first) && !/^total \d+/.test(first)) return false;
  let headings = 0;
  for (let line = 0; line < lines.count && headings < 3; line++) {
    if (isFolderHeading(lines, line) && /[/\\.]/.test(lines.head(line))) headings++;
  }
  return headings >= 2;
}

export const groupedHits: TextKind = {
  name: "grouped-hits",
  matches: (sample) => {
    const { heads, share, lines } = sample;
    if (heads.length < 4) return false;
    if (share(numbered) < 0.4) return isListing(sample);
    const others = heads.filter((head) => !numbered.test(head));
    return others.length > 0 && others.filter((head) => path.test(head.trim())).length >= 0.8 * others.length && lines.count > 4;
  },
  read: (lines, units, { share }) => {
    const isHeading = share(numbered) < 0.4 ? isFolderHeading : isHitHeading;
    for (let line = 0; line < lines.count; line++) {
      if (lines.isBlank(line)) continue;
      if (isHeading(lines, line)) units.open(lines.start(line), "section", { level: 0 });
      else units.add(lines.start(line), "line");
    }
  },
};

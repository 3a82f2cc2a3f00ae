// Conversations as text: minutes, interviews, chat exports. What is said stands under who said it, and when.
import type { Lines } from "../lines.ts";
import { areBlocks } from "../record-pattern.ts";
import { recordSectionsOf } from "../record-sections.ts";
import type { TextKind } from "../text-kind.ts";

const time = String.raw`(?:\[?\(?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ T])?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?[AaPp]\.?[Mm]\.?)?\]?\)?)`;
const name = String.raw`(?:<[^<>\n]{1,40}>|[@\p{Lu}\p{Lo}][\p{L}\p{M}\p{N}.'’_-]*(?: [\p{L}\p{M}\p{N}.'’&_()-]+){0,4})`;
/** `Anna: …`, `[10:32] Anna: …`, `Anna (10:32): …`, `10:32 <anna> …` */
const spoken = new RegExp(
  `^(?:${time}\\s*[-–—]?\\s*)?(?:\\*\\*)?${name}(?:\\s*${time})?(?:\\*\\*)?\\s*[:：>](?:\\*\\*)?(?:\\s|$)`,
  "u",
);
/** `Anna  10:32` or `10:32 Anna` alone above what is said. */
const alone = new RegExp(`^(?:${name}\\s+(?:—\\s+|at )?${time}|${time}\\s+${name}):?\\s*$`, "u");
const irc = new RegExp(`^${time}\\s*<[^<>\\n]{1,40}>\\s`, "u");
/** An answer belongs to the question above it: what it says has no meaning without. */
const answer = /^(?:\*\*)?(?:A|Answer|Antwort)\d{0,3}[:.]/;
const question = /^(?:\*\*)?(?:Q|Question|F|Frage)\d{0,3}[:.]/;
const title = /^(#{1,6})\s+\S/;
const isSpoken = (head: string): boolean => spoken.test(head) || irc.test(head);

export const transcript: TextKind = {
  name: "transcript",
  matches: ({ heads, count, share, lines }) => {
    // Names above rules are headings.
    if (share(/^[-=_]{4,}\s*$/) > 0.06) return false;
    if (heads.length < 6 || share(/^\s*(?:[-*•|]|\d+[.)]) /) > 0.2 || share(/[;{}=]\s*$/) > 0.1) return false;
    const headings = count(alone);
    if (headings >= 3 && headings >= 0.12 * heads.length) return true;
    const speakers = heads.flatMap((head) => (isSpoken(head) ? [speakerOf(head)] : []));
    // Speakers come back; the keys of settings and the terms of a glossary do not.
    if (speakers.length < 0.4 * heads.length || speakers.length < 4 || new Set(speakers).size > 0.7 * speakers.length)
      return false;
    // Nor do speakers come in blocks alike, or in one order again and again.
    return !areBlocks(lines) && !areFields(lines);
  },
  read: (lines, units) => {
    let line = 0;
    while (line < lines.count) {
      const head = lines.head(line);
      const start = lines.start(line);
      const isTurn = isSpoken(head) || alone.test(head);
      let next = line + 1;
      const isQuestion = question.test(head);
      const goesOn = (own: string) =>
        !title.test(own) && ((isQuestion && answer.test(own)) || (!isSpoken(own) && !alone.test(own)));
      while (next < lines.count && goesOn(lines.head(next))) next++;
      const [, marks] = title.exec(head) ?? [];
      if (marks !== undefined) {
        units.open(start, "heading", { level: marks.length - 10, label: head.trim() });
        next = line + 1;
      } else if (!isTurn) units.add(start, "prose");
      else if (lines.start(next) - start <= longestTurn) units.add(start, "turn", 0);
      else {
        const opening = isQuestion ? head : openingOf(head);
        const end = opening === head ? lines.start(line + 1) : start + opening.length;
        units.open(start, "turn", { level: 0, label: opening.trim() });
        if (end < lines.start(next)) units.add(end, "prose");
      }
      line = next;
    }
  },
};

const fewestFields = 4;

/** Whether names before colons are fields of records: below lines that nobody speaks, or many of them in each record, none twice. */
function areFields(lines: Lines): boolean {
  const sections = recordSectionsOf(lines);
  if (sections === undefined) return false;
  let [records, alike, spokenFirst] = [0, 0, 0];
  const usual = new Map<string, number>();
  for (let line = sections.first; line < Math.min(lines.count, longestLook); records++) {
    const end = sections.endOf(line);
    if (isSpoken(lines.head(line))) spokenFirst++;
    const names: string[] = [];
    for (let own = line; own < end; own++) if (isSpoken(lines.head(own))) names.push(speakerOf(lines.head(own)));
    const order = names.join("\n");
    if (names.length >= fewestFields && new Set(names).size === names.length) alike++;
    usual.set(order, (usual.get(order) ?? 0) + 1);
    line = end;
  }
  const isOrdered = Math.max(...usual.values()) >= 0.6 * records;
  return records > 1 && isOrdered && (spokenFirst === 0 || alike >= 0.6 * records);
}

/** Lines that are looked at for what comes back. */
const longestLook = 240;

/** Who speaks and when: what stands before what is said. */
const openingOf = (head: string): string =>
  alone.test(head) ? head : (/^.{0,80}?[^\d\s][^:：>]{0,60}[:：>](?=\s|$)/u.exec(head)?.[0] ?? head.slice(0, 40));

/** UTF-16 units up to which what is said is one unit with its speaker. */
const longestTurn = 320;

const speakerOf = (head: string): string =>
  head
    .replace(/^[[(]?[\d\s:.,/TZAPMapm-]+[\])]?\s*[-–—]?\s*/, "")
    .split(/[:：>]/)[0]
    ?.replace(/\s*[[(].*$/, "") ?? "";

// How records alike are told from other texts: each begins like the others, and goes on like them.
import { headingAt } from "./heading.ts";
import type { Lines } from "./lines.ts";
import { beginningsOf, isBegunBy, keyedOf, marksOf, numbersAlike } from "./record-keys.ts";
import { fewestRecords, type Looked, longestLook, lookAt } from "./record-look.ts";
import { haveOwnWords, nameIn } from "./record-names.ts";
import {
  areBelowOthers,
  areLessIndented,
  areSetOff,
  beginAllBlocks,
  comeInTurns,
  hasOthers,
  linesAbove,
} from "./record-places.ts";
import { runsOf } from "./record-runs.ts";

/** Lines that may be the first record's first one. */
const longestPreamble = 12;
/** Words, numbers and marks of a line's beginning that records may have in common. */
const longestBeginning = 8;
const listed = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/;

export interface RecordPattern {
  /** Whether a record begins at a line. */
  begins(line: number): boolean;
  /** Beginning of the line that tells a record from the others; empty where its first line does. */
  readonly naming: string;
}

/** Looked for by several kinds of text in turn. */
const known = new WeakMap<Lines, RecordPattern | null>();

/** @returns undefined for a text that is no sequence of records alike. Looks at the first lines only. */
export function recordPatternOf(lines: Lines): RecordPattern | undefined {
  const before = known.get(lines);
  if (before !== undefined) return before ?? undefined;
  const found = patternOf(lines) ?? patternOfRuns(lines);
  known.set(lines, found ?? null);
  return found;
}

function patternOfRuns(lines: Lines): RecordPattern | undefined {
  const begins = runsOf(lines, longestLook);
  return begins && { begins, naming: "" };
}

/** Records of several lines with blank lines between them, and hardly any within. @param longest UTF-16 units of a record. */
export function areBlocks(lines: Lines, longest = Number.POSITIVE_INFINITY): boolean {
  const pattern = recordPatternOf(lines);
  if (pattern === undefined) return false;
  const count = Math.min(lines.count, longestLook);
  let [records, blocks, text, first] = [0, 0, 0, -1];
  for (let line = 0; line < count; line++) {
    if (lines.isBlank(line)) continue;
    if (pattern.begins(line)) {
      records++;
      if (first === -1) first = line;
    }
    if (first === -1) continue;
    text++;
    if (line === 0 || lines.isBlank(line - 1)) blocks++;
  }
  const areApart = blocks >= 0.9 * records && blocks <= 1.2 * records;
  const length = lines.start(count) - lines.start(Math.max(0, first));
  return records >= fewestRecords && areApart && text >= 3 * records && length <= longest * records;
}

/** The beginnings that come back are told from those of the first lines: the earliest one that cuts the text into records alike. */
function patternOf(lines: Lines): RecordPattern | undefined {
  const looked = lookAt(lines);
  const { heads, text } = looked;
  if (text.length < 3 * fewestRecords) return undefined;
  const isCut = lines.count > heads.length;
  const refused = new Set<string>();
  const known = new Map<string, readonly number[]>();
  for (const line of text.slice(0, longestPreamble)) {
    for (const { words, beginning, starts } of sharedBeginnings(line, looked, known)) {
      const key = `${Math.min(words, 2)} ${starts.join()}`;
      if (refused.has(key)) continue;
      refused.add(key);
      // Headings and lists that come back have an order of their own.
      if (areOutlined(line, starts, lines)) return undefined;
      if (hasOthers(starts, looked) || !areSetOff(starts, looked, words === 0)) continue;
      if (words === 0 && comeInTurns(starts, heads)) continue;
      const naming = nameIn(starts, looked, { isCut, areBlocks: words !== 1 && beginAllBlocks(starts, looked) });
      if (naming === undefined) continue;
      const isBelow = areBelowOthers(starts, looked);
      const above = isBelow || !haveOwnWords(starts.map((own) => heads[own] as string)) ? linesAbove(starts, looked) : 0;
      if (isBelow && (above === 0 || !areLessIndented(starts, looked))) continue;
      const isBegun = beginningAt(words, beginning);
      const begins = (own: number) => isBegun(lines.head(own + above));
      return { begins, naming: above > 0 ? "" : naming };
    }
  }
  return undefined;
}

interface SharedBeginning {
  /** 0 for the marks. */
  readonly words: number;
  readonly beginning: string;
  /** Lines that have it. */
  readonly starts: readonly number[];
}

/**
 * What enough lines have in common with one: their marks, then their first one, two, … words, as long as others are left with more.
 * @param known lines that have the beginnings of lines before, which are not told again.
 */
function* sharedBeginnings(
  line: number,
  { text, marks, keyed }: Looked,
  known: Map<string, readonly number[]>,
): Generator<SharedBeginning> {
  const own = marks[line] as string;
  // No beginning has a line break.
  if (!known.has(`\n${own}`)) {
    const alike = text.filter((other) => marks[other] === own);
    known.set(`\n${own}`, alike);
    if (alike.length >= fewestRecords) yield { words: 0, beginning: own, starts: alike };
  }
  let starts = text;
  let words = 0;
  for (const beginning of beginningsOf(keyed[line] as string, longestBeginning)) {
    words++;
    const before = known.get(beginning);
    const begun = before ?? starts.filter((other) => isBegunBy(keyed[other] as string, beginning, words));
    known.set(beginning, begun);
    if (begun.length < fewestRecords) return;
    const isSame = before !== undefined || (words > 2 && begun.length === starts.length);
    starts = begun;
    if (!isSame) yield { words, beginning, starts };
  }
}

/** Whether lines that begin parts are entries of a list or headings; the same one again and again names nothing. */
function areOutlined(first: number, starts: readonly number[], lines: Lines): boolean {
  if (!isOutlined(first, lines) || areAmongOthers(first, starts, lines)) return false;
  // In code and settings they are comments.
  if (lines.head(first).startsWith("#") && haveClosedLines(lines)) return false;
  const outlined = starts.filter((line) => isOutlined(line, lines));
  const distinct = new Set(outlined.map((line) => nameAt(line, lines))).size;
  return outlined.length > 0.5 * starts.length && distinct > 0.5 * outlined.length;
}

/** What a heading or an entry says; a number alone does not tell a heading from others that stand right above lines of text. */
function nameAt(line: number, lines: Lines): string {
  const head = lines.head(line);
  const isRightAbove = !lines.isBlank(line + 1) && !isOutlined(line + 1, lines) && !listed.test(head);
  return isRightAbove ? numbersAlike(head) : head;
}

/** Whether many of the first lines end as lines of code and settings do. */
function haveClosedLines(lines: Lines): boolean {
  const count = Math.min(lines.count, longestLook);
  let [closed, text] = [0, 0];
  for (let line = 0; line < count; line++) {
    if (lines.isBlank(line)) continue;
    text++;
    if (/[;{}]\s*$/.test(lines.head(line))) closed++;
  }
  return closed >= 0.3 * text;
}

/** Most entries at the margin begin otherwise: steps of a check, whose first one is the same each time. */
function areAmongOthers(first: number, starts: readonly number[], lines: Lines): boolean {
  const mark = listed.exec(lines.head(first))?.[0];
  if (mark === undefined || /\d/.test(mark)) return false;
  let entries = 0;
  for (let line = first; line <= (starts.at(-1) ?? first); line++) if (lines.head(line).startsWith(mark)) entries++;
  return entries >= 3 * starts.length;
}

/** An entry's own lines are indented, or other entries. */
function isOutlined(line: number, lines: Lines): boolean {
  const next = lines.head(line + 1);
  if (listed.test(lines.head(line))) return lines.isBlank(line + 1) || lines.indent(line + 1) > 0 || listed.test(next);
  // AsciiDoc has no heading above indented text, as a test's `=== RUN` is.
  if (/^=+ /.test(lines.head(line)) && lines.indent(line + 1) > 0) return false;
  // One right below another: lines of a comment.
  const hashes = /^#+ /.exec(lines.head(line))?.[0];
  if (hashes !== undefined && next.startsWith(hashes)) return false;
  return headingAt(lines, line) !== undefined;
}

/** Whether a line has the same marks as those that begin records, or their first words. @param words 0 for the marks. */
function beginningAt(words: number, beginning: string): (head: string) => boolean {
  if (words === 0) {
    const first = beginning.charAt(0);
    return (head) => marksOf(head.slice(0, 1)) === first && marksOf(head) === beginning;
  }
  // Most lines differ from the first character on.
  const fixed = beginning.split("0", 1)[0] as string;
  return (head) => head.startsWith(fixed) && isBegunBy(keyedOf(head), beginning, words);
}

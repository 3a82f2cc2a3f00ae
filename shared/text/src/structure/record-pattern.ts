// How records alike are told from other texts: each begins like the others, and goes on like them.
import { headingAt } from "./heading.ts";
import type { Lines } from "./lines.ts";
import { beginningsOf, isBegunBy, keyedOf, marksOf, numbersAlike, shapeOf } from "./record-keys.ts";
import { runsOf } from "./record-runs.ts";

/** Lines that are looked at for what comes back. */
const longestLook = 240;
/** Lines of those that may be the first record's first one. */
const longestPreamble = 12;
const fewestRecords = 4;
/** Words, numbers and marks of a line's beginning that records may have in common. */
const longestBeginning = 8;
/** Share of a record's lines that begin like lines of nearly every other record. */
const leastAlike = 0.6;
/** Parts that may be titles above the records. */
const longestTitles = 2;
/** A record's first lines that say by themselves that it is like the others. */
const longestHead = 3;
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

/** A text's first lines. */
interface Looked {
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

function lookAt(lines: Lines): Looked {
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

/** A record whose first words come back may begin above them, with its name: the line above the first record's is like those above the others'. */
function linesAbove(starts: readonly number[], { heads, marks }: Looked): number {
  const above = starts.flatMap((line) => (line > 0 ? [line - 1] : []));
  const usual = marks[above[0] ?? -1] ?? "";
  const alike = above.filter((line) => marks[line] === usual);
  const isName = starts[0] !== 0 && /\p{L}/u.test(usual) && alike.length >= 0.8 * above.length;
  return isName && new Set(above.map((line) => heads[line])).size >= 0.6 * above.length ? 1 : 0;
}

/** Whether lines like those that begin a part begin others as well, after a blank line, with another word: turns of several speakers. */
function hasOthers(starts: readonly number[], { text, heads, marks, areApart }: Looked): boolean {
  // Nobody says the same again and again.
  if (new Set(starts.map((line) => heads[line])).size === 1) return false;
  const alike = new Set(starts.map((line) => marks[line]));
  const own = new Set(starts);
  const others = text.filter((line) => line > 0 && areApart[line] && !own.has(line) && alike.has(marks[line]));
  return others.length > 0.1 * starts.length;
}

/** Whether the same few lines begin parts again and again in one order: parts of records (`General`, `Video`, `Audio`, `General`, …). */
function comeInTurns(starts: readonly number[], heads: readonly string[]): boolean {
  const first = heads[starts[0] as number];
  const turn = starts.findIndex((line, at) => at > 0 && heads[line] === first);
  if (turn < 2 || starts.length < fewestRecords * turn) return false;
  const again = starts.slice(turn).filter((line, at) => heads[line] === heads[starts[at] as number]);
  return again.length >= 0.9 * (starts.length - turn);
}

/** Whether the lines right above those that begin parts are indented less. */
const areLessIndented = (starts: readonly number[], { indents }: Looked): boolean =>
  starts.every((line) => line === 0 || (indents[line - 1] as number) < (indents[line] as number));

/** Whether between lines that begin parts stand others that are indented less and begin alike: records begin there. */
function areBelowOthers(starts: readonly number[], { text, heads, marks, indents, areApart }: Looked): boolean {
  const own = indents[starts[0] as number] as number;
  // A title below a blank line may stand in the middle of the page.
  if (own === 0 || starts.filter((line) => areApart[line]).length >= 0.7 * starts.length) return false;
  const counts = new Map<string, number>();
  let next = 1;
  let isFound = false;
  for (const line of text) {
    if (line < (starts[0] as number)) continue;
    if (line >= (starts[next] ?? Number.POSITIVE_INFINITY)) {
      next++;
      isFound = false;
    }
    if (isFound || (indents[line] as number) >= own || !/\p{L}/u.test(heads[line] as string)) continue;
    isFound = true;
    const mark = marks[line] as string;
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) >= 0.7 * (starts.length - 1);
}

/** Where blank lines stand between parts, the lines that begin parts have them above. @param always lines without a word in common need them. */
function areSetOff(starts: readonly number[], looked: Looked, always: boolean): boolean {
  const { text, heads, areApart } = looked;
  const setOff = text.filter((line) => line > 0 && areApart[line]).length;
  if (!always && setOff < 0.7 * starts.length) return true;
  const isSetOff = (line: number) => areApart[line] || announcing.test(heads[line] as string) || isRule(heads[line - 1]);
  return starts.filter(isSetOff).length >= 0.7 * starts.length || areHanging(starts, looked);
}

/** Whether all lines but those that begin parts are indented. */
function areHanging(starts: readonly number[], { text, indents }: Looked): boolean {
  if (starts.some((line) => indents[line] !== 0)) return false;
  const begun = new Set(starts);
  const others = text.filter((line) => line > (starts[0] as number) && !begun.has(line));
  return others.length > 0 && others.filter((line) => (indents[line] as number) > 0).length >= 0.97 * others.length;
}

/** What sets a line off by itself: a row of marks, or a prompt. */
const announcing = /^(?:([^\p{L}\p{N}\s])\1{4,}|_{5,}|(?:[$%❯]|>>>|\S{1,40}[$#>]) \S)/u;
const isRule = (head: string | undefined): boolean =>
  head !== undefined && /^[\s+|=_*~#-]{5,}$/.test(head) && /([-=_*~#])\1{4}/.test(head);

/** Whether the lines that begin parts are those below blank lines, and hardly any others are. */
function beginAllBlocks(starts: readonly number[], { text, areApart }: Looked): boolean {
  const blocks = text.filter((line) => areApart[line]).length;
  const begun = starts.filter((line) => areApart[line]).length;
  return begun >= 2 * fewestRecords && begun >= 0.9 * starts.length && begun >= 0.9 * blocks;
}

/** @returns the shape of the line that names a record; undefined where the parts that begin at `starts` are no records alike. */
function nameIn(
  starts: readonly number[],
  { heads, text }: Looked,
  { isCut, areBlocks }: { isCut: boolean; areBlocks: boolean },
): string | undefined {
  const parts = partsAt(starts, text, isCut);
  if (parts.length < fewestRecords - 1 || parts.some((part) => part.length < 2)) return undefined;
  const shapes = heads.map(shapeOf);
  const counts = new Map<string, number>();
  for (const part of parts)
    for (const shape of new Set(part.map((line) => shapes[line] as string))) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  const common = new Set([...counts].flatMap(([shape, count]) => (count >= 0.7 * parts.length ? [shape] : [])));
  const isAlike = (part: readonly number[]) =>
    part.filter((line) => common.has(shapes[line] as string)).length >= leastAlike * part.length ||
    (part.length > longestHead && part.slice(0, longestHead).every((line) => common.has(shapes[line] as string)));
  const arePairs = parts.length >= 2 * fewestRecords && parts.every(({ length }) => length === 2);
  if (!arePairs && !areBlocks && parts.filter(isAlike).length < 0.8 * parts.length) return undefined;
  if (!isRegular(parts, shapes)) return undefined;
  return namingOf(parts, common, heads, shapes);
}

/** The lines of each part that are not blank; without what need not be a whole record. */
function partsAt(starts: readonly number[], text: readonly number[], isCut: boolean): number[][] {
  const parts: number[][] = [];
  let next = 0;
  for (const line of text) {
    if (line === starts[next]) {
      parts.push([]);
      next++;
    }
    parts.at(-1)?.push(line);
  }
  // The last one looked at may be cut off; the first ones may be what stands above the records.
  if (isCut) parts.pop();
  const above = parts.slice(0, longestTitles).findLastIndex(({ length }) => length < 2);
  return parts.slice(above + 1);
}

/** Parts whose other lines begin like their first one are records only where they are equally long: otherwise a word came back by chance. */
function isRegular(parts: readonly (readonly number[])[], shapes: readonly string[]): boolean {
  const first = shapes[parts[0]?.[0] ?? 0];
  const like = parts.reduce((sum, part) => sum + part.slice(1).filter((line) => shapes[line] === first).length, 0);
  if (like < 0.5 * parts.length) return true;
  const lengths = parts.map(({ length }) => length).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length / 2)];
  return lengths.filter((length) => length === usual).length >= 0.7 * lengths.length;
}

/** The first line of a record that has words of its own: its first one wherever that has. */
function namingOf(
  parts: readonly (readonly number[])[],
  common: ReadonlySet<string>,
  heads: readonly string[],
  shapes: readonly string[],
): string {
  const hasOwnWords = (lineOf: (part: readonly number[]) => number | undefined): boolean =>
    haveOwnWords(parts.map((part) => heads[lineOf(part) ?? -1] ?? ""));
  if (hasOwnWords((part) => part[0])) return "";
  for (const line of parts[0] ?? []) {
    const shape = shapes[line] as string;
    if (common.has(shape) && hasOwnWords((part) => part.find((own) => shapes[own] === shape))) return shape;
  }
  return "";
}

/** Whether lines differ in more than numbers and marks. */
function haveOwnWords(lines: readonly string[]): boolean {
  const texts = lines.flatMap((line) => (line === "" ? [] : [line.replace(/[^\p{L}]+/gu, " ")]));
  return new Set(texts).size >= 0.6 * lines.length;
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

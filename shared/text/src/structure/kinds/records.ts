// Records one after the other, as dumps, exports and reports have them: each begins like the others and goes on like them.
import { headingAt } from "../heading.ts";
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";
import { readOutline } from "./outline.ts";

/** Lines that are looked at for what comes back. */
const longestLook = 240;
/** Lines of those that may be the first record's first one. */
const longestPreamble = 12;
const fewestRecords = 4;
/** Words, numbers and marks of a line's beginning that records may have in common. */
const longestBeginning = 8;
/** UTF-16 units up to which a record is kept whole or not at all. */
const longestWhole = 480;
/** Share of a record's lines that begin like lines of nearly every other record. */
const leastAlike = 0.6;
const token = /\s*(?:[\p{L}_]+|\p{N}+|[^\s\p{L}\p{N}_])/gu;
const listed = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/;

interface Pattern {
  /** Whether a record begins at a line. */
  begins(head: string): boolean;
  /** Beginning of the line that tells a record from the others; empty where its first line does. */
  readonly naming: string;
}

export const records: TextKind = {
  name: "records",
  matches: ({ lines }) => areRecords(lines),
  read: (lines, units) => {
    const pattern = patternOf(lines);
    if (pattern === undefined) return;
    let line = 0;
    while (line < lines.count && !pattern.begins(lines.head(line))) line++;
    readOutline(lines, units, 0, line);
    while (line < lines.count) {
      let end = line + 1;
      while (end < lines.count && !pattern.begins(lines.head(end))) end++;
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

export const areRecords = (lines: Lines): boolean => patternOf(lines) !== undefined;

/** Above whatever an outline opens. */
const level = -1;

function nameOf(lines: Lines, from: number, end: number, { naming }: Pattern): string {
  const first = lines.head(from).trim();
  if (naming === "") return first;
  for (let line = from + 1; line < end; line++)
    if (shapeOf(lines.head(line)) === naming) return `${first} ${lines.head(line).trim()}`;
  return first;
}

/** The beginnings that come back are told from those of the first lines: the earliest one that cuts the text into records alike. */
function patternOf(lines: Lines): Pattern | undefined {
  const heads = Array.from({ length: Math.min(lines.count, longestLook) }, (_, line) => lines.head(line));
  const text = heads.flatMap((head, line) => (head.trim() === "" ? [] : [line]));
  if (text.length < 3 * fewestRecords) return undefined;
  const beginnings = heads.map((head) => beginningsOf(head));
  const shapes = heads.map(shapeOf);
  const isCut = lines.count > heads.length;
  for (const line of text.slice(0, longestPreamble)) {
    const isOutlined = listed.test(heads[line] as string) || headingAt(lines, line) !== undefined;
    for (const [at, beginning] of (beginnings[line] as string[]).entries()) {
      const starts = text.filter((own) => beginnings[own]?.[at] === beginning);
      if (starts.length < fewestRecords) continue;
      // Headings and lists that come back have an order of their own.
      if (isOutlined) return undefined;
      if (hasOthers(starts, text, heads) || !areSetOff(starts, text, heads, at === 0)) continue;
      const naming = nameIn(starts, heads, shapes, isCut);
      if (naming !== undefined) return { begins: (head) => beginningsOf(head)[at] === beginning, naming };
    }
  }
  return undefined;
}

/** Whether lines like those that begin a part begin others as well, after a blank line, with another word: turns of several speakers. */
function hasOthers(starts: readonly number[], text: readonly number[], heads: readonly string[]): boolean {
  const alike = new Set(starts.map((line) => marksOf(heads[line] as string)));
  const begun = text.filter((line) => line > 0 && heads[line - 1]?.trim() === "" && alike.has(marksOf(heads[line] as string)));
  return begun.filter((line) => !starts.includes(line)).length > 0.1 * starts.length;
}

/** Where blank lines stand between parts, the lines that begin parts have them above. @param always lines without a word in common need them. */
function areSetOff(starts: readonly number[], text: readonly number[], heads: readonly string[], always: boolean): boolean {
  const isSetOff = (line: number) => line === 0 || heads[line - 1]?.trim() === "";
  const setOff = text.filter((line) => line > 0 && isSetOff(line)).length;
  return (!always && setOff < 0.7 * starts.length) || starts.filter(isSetOff).length >= 0.7 * starts.length;
}

/** @returns the shape of the line that names a record; undefined where the parts that begin at `starts` are no records alike. */
function nameIn(
  starts: readonly number[],
  heads: readonly string[],
  shapes: readonly string[],
  isCut: boolean,
): string | undefined {
  const parts = starts.map((start, at) => {
    const end = starts[at + 1] ?? heads.length;
    const own: number[] = [];
    for (let line = start; line < end; line++) if (heads[line]?.trim() !== "") own.push(line);
    return own;
  });
  // The last one looked at may be cut off.
  if (isCut) parts.pop();
  if (parts.length < fewestRecords - 1 || parts.some((part) => part.length < 2)) return undefined;
  const counts = new Map<string, number>();
  for (const part of parts)
    for (const shape of new Set(part.map((line) => shapes[line] as string))) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  const common = new Set([...counts].flatMap(([shape, count]) => (count >= 0.7 * parts.length ? [shape] : [])));
  const isAlike = (part: readonly number[]) =>
    part.filter((line) => common.has(shapes[line] as string)).length >= leastAlike * part.length;
  if (parts.filter(isAlike).length < 0.8 * parts.length || !isRegular(parts, shapes)) return undefined;
  return namingOf(parts, common, heads, shapes);
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
  const hasOwnWords = (lineOf: (part: readonly number[]) => number | undefined): boolean => {
    const texts = parts.flatMap((part) => heads[lineOf(part) ?? -1]?.replace(/[^\p{L}]+/gu, " ") ?? []);
    return new Set(texts).size >= 0.6 * parts.length;
  };
  if (hasOwnWords((part) => part[0])) return "";
  for (const line of parts[0] ?? []) {
    const shape = shapes[line] as string;
    if (common.has(shape) && hasOwnWords((part) => part.find((own) => shapes[own] === shape))) return shape;
  }
  return "";
}

/** The marks of a line, then its first one, two, … words, numbers and marks; numbers count as equal. */
function beginningsOf(head: string): string[] {
  const all: string[] = [marksOf(head)];
  let beginning = "";
  for (const [part] of head.slice(0, 80).matchAll(token)) {
    beginning += part.replace(/\p{N}+/u, "0");
    all.push(beginning);
    if (all.length > longestBeginning) break;
  }
  return all;
}

const marksOf = (head: string): string =>
  head
    .slice(0, 120)
    .replace(/[\p{L}_]+/gu, "w")
    .replace(/\p{N}+/gu, "0");

/** Up to and with the first word and the mark after it. */
function shapeOf(head: string): string {
  return /^[^\p{L}_]{0,12}[\p{L}_]{0,24}[^\s\p{L}\p{N}_]?/u.exec(head)?.[0].replace(/\p{N}+/gu, "0") ?? "";
}

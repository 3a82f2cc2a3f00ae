// Whether parts of a text go on like each other, and which of their lines tells one from the others.
import { shapeOf } from "./record-keys.ts";
import { fewestRecords, type Looked } from "./record-look.ts";

/** Share of a record's lines that begin like lines of nearly every other record. */
const leastAlike = 0.6;
/** Parts that may be titles above the records. */
const longestTitles = 2;
/** A record's first lines that say by themselves that it is like the others. */
const longestHead = 3;

/** @returns the shape of the line that names a record; undefined where the parts that begin at `starts` are no records alike. */
export function nameIn(
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
export function haveOwnWords(lines: readonly string[]): boolean {
  const texts = lines.flatMap((line) => (line === "" ? [] : [line.replace(/[^\p{L}]+/gu, " ")]));
  return new Set(texts).size >= 0.6 * lines.length;
}

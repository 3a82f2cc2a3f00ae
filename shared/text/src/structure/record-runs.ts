// Lines about one thing after the other, each of which says what it is about: `set interfaces ge-0/0/1 …`, `usb 1-4: …`.
import type { Lines } from "./lines.ts";
import { beginningsOf } from "./record-keys.ts";

const fewestRuns = 4;
/** Lines of one run, on average. */
const mostLines = 16;
/** Words, numbers and marks that lines of one run may have in common. */
const longestBeginning = 12;
/** A time before what a line says. */
const time = /^\s{0,8}[[(]?[\d.:,TZ/+ -]{4,40}[\])]?\s/;

/**
 * Runs of at least two lines that begin with the same words and numbers, which no other run begins with.
 * @param longestLook lines that are looked at.
 * @returns whether a run begins at a line; undefined where there are no runs.
 */
export function runsOf(lines: Lines, longestLook: number): ((line: number) => boolean) | undefined {
  const text: number[] = [];
  for (let line = 0; line < Math.min(lines.count, longestLook); line++) if (!lines.isBlank(line)) text.push(line);
  if (text.length < 2 * fewestRuns || text.some((line) => lines.indent(line) > 0 && !time.test(lines.head(line))))
    return undefined;
  const beginnings = text.map((line) => beginningsOf(said(lines.head(line)), longestBeginning));
  for (let at = 1; at < longestBeginning; at++) {
    if (!areRuns(beginnings.map((own) => own[at] ?? ""))) continue;
    const keyOf = (line: number) => beginningsOf(said(lines.head(line)), at + 1)[at];
    return (line) => line === 0 || keyOf(line) !== keyOf(line - 1);
  }
  return undefined;
}

function areRuns(keys: readonly string[]): boolean {
  const runs: string[] = [];
  let long = 0;
  for (let line = 0; line < keys.length; ) {
    const key = keys[line] as string;
    const from = line;
    while (line < keys.length && keys[line] === key) line++;
    runs.push(key);
    if (line - from >= 2) long++;
  }
  const isOften = runs.length >= fewestRuns && keys.length <= mostLines * runs.length;
  if (!isOften || long < 0.9 * runs.length || new Set(runs).size < runs.length) return false;
  const shapes = new Set(runs.map((key) => key.replace(/[\p{L}\p{N}]+/gu, "0")));
  return shapes.size <= 0.2 * runs.length + 1;
}

const longestSaid = 120;
/** What a line says after its time. */
const said = (head: string): string => head.replace(time, "").slice(0, longestSaid);

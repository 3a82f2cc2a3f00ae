// The passages of a text, between blank lines, and lines in place of those that stand in an earlier text.
import type { Repetition, TextUnit } from "./find-repetitions.ts";
import { fingerprintOf, withoutLayout } from "./without-layout.ts";

export interface Passage extends TextUnit {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Blank lines end a passage; the indentation of the next belongs to that. */
const passageBreak = /\n(?:[^\S\n]*\n)+/g;

export function passagesOf(whole: string, owner: number): Passage[] {
  const passages: Passage[] = [];
  const add = (start: number, end: number): void => {
    const text = whole.slice(start, end).trimEnd();
    const fingerprint = fingerprintOf(whole, start, end);
    passages.push({ owner, number: passages.length + 1, start, end, text, fingerprint, wording: () => withoutLayout(text) });
  };
  let start = 0;
  for (const { 0: blank, index } of whole.matchAll(passageBreak)) {
    add(start, index);
    start = index + blank.length;
  }
  add(start, whole.length);
  return passages;
}

/** Passages one after the other that stand one after the other in an earlier text. */
export interface RepeatedRun {
  readonly start: number;
  readonly end: number;
  /** The item that keeps them, and the numbers of the passages there. */
  readonly owner: number;
  readonly first: number;
  readonly last: number;
  readonly isExact: boolean;
}

/** @param repetitions of passages of one text, in their order. */
export function runsOf(repetitions: readonly Repetition<Passage>[]): RepeatedRun[] {
  const runs: RepeatedRun[] = [];
  let before: Passage | undefined;
  for (const { unit, kept, isExact } of repetitions) {
    const run = runs.at(-1);
    const follows = before?.number === unit.number - 1 && run?.owner === kept.owner && run.last === kept.number - 1;
    if (run && follows && run.isExact === isExact) runs[runs.length - 1] = { ...run, end: unit.end, last: kept.number };
    else runs.push({ start: unit.start, end: unit.end, owner: kept.owner, first: kept.number, last: kept.number, isExact });
    before = unit;
  }
  return runs;
}

export function withoutRuns(whole: string, runs: readonly RepeatedRun[], lineOf: (run: RepeatedRun) => string): string {
  let text = "";
  let from = 0;
  for (const run of runs) {
    text += whole.slice(from, run.start) + lineOf(run);
    from = run.end;
  }
  return text + whole.slice(from);
}

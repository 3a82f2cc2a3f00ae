// The gaps of a text as parts that were removed: which lines, and below which parents.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import { labelOf, type Structure } from "@nocp/text/structure/unit.ts";
import { countLineBreaks } from "./gap-mark.ts";
import type { Gap } from "./render-kept.ts";

/** @param gaps in the order of the text: it is read once. */
export function removedLines(structure: Structure, gaps: readonly Gap[]): RemovedPart[] {
  const { text } = structure;
  let line = 1;
  let at = 0;
  const lineAt = (offset: number): number => {
    line += countLineBreaks(text, at, offset);
    at = Math.max(at, offset);
    return line;
  };
  return gaps.map(({ mark, start, end, parent }) => {
    const own = text.slice(start, end);
    const from = lineAt(start + own.length - own.trimStart().length);
    const to = lineAt(start + own.trimEnd().length);
    return {
      mark,
      marks: 1,
      under: namesAbove(structure, parent),
      what: from === to ? `in line ${from}` : `lines ${from} to ${to}`,
    };
  });
}

function namesAbove(structure: Structure, unit: number): string[] {
  const names: string[] = [];
  for (let at = unit; at !== -1; at = structure.units[at]?.parent ?? -1) names.unshift(labelOf(structure, at));
  return names;
}

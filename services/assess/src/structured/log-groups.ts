// Groups lines of a log by their template, and sums up what varies within a group.

import { numberOf } from "@nocp/text/questions/question.ts";
import { readTemplate } from "./line-template.ts";

export interface LogGroup {
  readonly template: string;
  /** Indices of the lines, rising. */
  readonly lines: readonly number[];
}

export interface LogGroups {
  readonly groups: readonly LogGroup[];
  /** The group of each line. */
  readonly groupOf: readonly LogGroup[];
  /** What varies in each line. */
  readonly variables: LineVariables;
}

/** By line: in its order, what is another in other lines of its group. */
export type LineVariables = readonly (readonly string[])[];

/** More groups than this are merged where they differ in a single word. */
const manyGroups = 24;

/** Linear in the text; groups in the order of their first lines. */
export function groupLines(lines: readonly string[]): LogGroups {
  const numberOfTemplate = new Map<string, number>();
  const variables: (readonly string[])[] = [];
  const templateOf = lines.map((line) => {
    const read = readTemplate(line);
    variables.push(read.variables);
    const known = numberOfTemplate.get(read.template);
    if (known !== undefined) return known;
    numberOfTemplate.set(read.template, numberOfTemplate.size);
    return numberOfTemplate.size - 1;
  });
  const templates = [...numberOfTemplate.keys()];
  const merged = templates.length > manyGroups ? mergeByOneWord(templates) : new Map<string, string>();
  const groups = new Map<string, { template: string; lines: number[] }>();
  const groupOfTemplate = templates.map((own) => {
    const template = merged.get(own) ?? own;
    const group = groups.get(template) ?? { template, lines: [] };
    groups.set(template, group);
    return group;
  });
  const groupOf = templateOf.map((template) => groupOfTemplate[template] as LogGroup);
  for (const [index, template] of templateOf.entries()) groupOfTemplate[template]?.lines.push(index);
  return { groups: [...groups.values()], groupOf, variables };
}

/** Templates that differ from two others in the same word only share one with a gap there. */
function mergeByOneWord(templates: readonly string[]): Map<string, string> {
  const membersOf = new Map<string, string[]>();
  for (const template of templates) {
    const words = template.split(" ");
    if (words.length < 4 || words.length > 40) continue;
    for (let position = 0; position < words.length; position++) {
      const word = words[position] as string;
      if (word === "#" || word.length < 2) continue;
      const gapped = `${words.slice(0, position).join(" ")} * ${words.slice(position + 1).join(" ")}`;
      const members = membersOf.get(gapped);
      if (members) members.push(template);
      else membersOf.set(gapped, [template]);
    }
  }
  const merged = new Map<string, string>();
  for (const [gapped, members] of [...membersOf].sort((a, b) => b[1].length - a[1].length)) {
    if (members.length < 3) break;
    for (const member of members) if (!merged.has(member)) merged.set(member, gapped);
  }
  return merged;
}

const mostExamples = 3;
/** Slots with this many values or fewer are listed with their counts. */
const fewValues = 6;

/** What varies in a group: ranges of numbers, frequent values; the first slot, where it is a time, as first and last. */
export function variationOf(group: LogGroup, variables: LineVariables): string {
  const slots: string[][] = [];
  for (const index of group.lines)
    variables[index]?.forEach((value, slot) => {
      const values = slots[slot];
      if (values) values.push(value);
      else slots[slot] = [value];
    });
  const parts = slots.flatMap((values) => {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size < 2) return [];
    const numbers = counts.size > fewValues ? numbersOf(values) : undefined;
    if (numbers) {
      const { low, high } = rangeOf(numbers);
      return [`${values[low]}–${values[high]}`];
    }
    if (counts.size === values.length && counts.size > fewValues) return [];
    const frequent = [...counts].sort((a, b) => b[1] - a[1]);
    const shown = frequent.slice(0, counts.size <= fewValues ? fewValues : mostExamples);
    const more = counts.size - shown.length;
    return [shown.map(([value, count]) => `${value} ×${count}`).join(", ") + (more > 0 ? ` and ${more} more` : "")];
  });
  return parts.join("; ");
}

/** Undefined where one is no number. */
function numbersOf(values: readonly string[]): number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    const number = numberOf(withoutUnit(value));
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

/** `12ms` as `12`. From the end, since an expression would start anew at each letter. */
function withoutUnit(value: string): string {
  let end = value.length;
  while (end > 0 && isUnit(value.charCodeAt(end - 1))) end--;
  return value.slice(0, end);
}

const isUnit = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 37;

function rangeOf(numbers: readonly number[]): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const [index, number] of numbers.entries()) {
    if (number < (numbers[low] as number)) low = index;
    if (number > (numbers[high] as number)) high = index;
  }
  return { low, high };
}

interface SlotExtremes {
  low: number;
  lowLine: number;
  high: number;
  highLine: number;
  count: number;
  sum: number;
  squares: number;
}

export interface ExtremeLine {
  readonly line: number;
  readonly end: "high" | "low";
  /** Distance from the mean in standard deviations. */
  readonly distance: number;
}

/** Lines of a group with the least and the greatest value of each slot that holds numbers. */
export function extremeLinesOf(group: LogGroup, variables: LineVariables): ExtremeLine[] {
  if (group.lines.length < 4) return [];
  const extremes = new Map<number, SlotExtremes>();
  for (const index of group.lines)
    variables[index]?.forEach((value, slot) => {
      const number = numberOf(withoutUnit(value));
      if (number === undefined) return;
      const known = extremes.get(slot);
      if (!known) {
        extremes.set(slot, {
          low: number,
          lowLine: index,
          high: number,
          highLine: index,
          count: 1,
          sum: number,
          squares: number ** 2,
        });
        return;
      }
      known.count++;
      known.sum += number;
      known.squares += number ** 2;
      if (number < known.low) [known.low, known.lowLine] = [number, index];
      if (number > known.high) [known.high, known.highLine] = [number, index];
    });
  return [...extremes.values()]
    .filter(({ count, low, high }) => count > group.lines.length / 2 && high > low)
    .flatMap(({ highLine, lowLine, high, low, sum, squares, count }): ExtremeLine[] => {
      const mean = sum / count;
      const deviation = Math.sqrt(Math.max(0, squares / count - mean ** 2)) || 1;
      return [
        { line: highLine, end: "high", distance: (high - mean) / deviation },
        { line: lowLine, end: "low", distance: (mean - low) / deviation },
      ];
    });
}

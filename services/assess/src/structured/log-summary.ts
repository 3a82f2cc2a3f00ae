// Sums up a log within a budget: lines the question asks for, lines of trouble, rare ones, and one example of each kind.

import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import { passesAll, type Question } from "@nocp/text/questions/question.ts";
import { isInRanges } from "@nocp/text/questions/time-ranges.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { asksForFailure, isAlarming } from "@nocp/text/words/alarming-words.ts";
import { type FillableSelection, type FittedText, fitToBudget } from "./fit-to-budget.ts";
import { extremeLinesOf, groupLines, type LogGroup, type LogGroups, variationOf } from "./log-groups.ts";
import type { LogLines } from "./log-lines.ts";
import { estimateTokens } from "./token-estimate.ts";
import { createValueMatcher } from "./value-matches.ts";

export interface LogSummary extends FittedText {
  readonly lines: number;
  readonly kinds: number;
  /** What was left out, where that is asked for. */
  readonly parts?: readonly RemovedPart[];
  /** The lines that are written, where that is asked for. */
  readonly units?: readonly number[];
}

export interface SummaryForm {
  /** Stands before the lines; counted with them. */
  readonly opening: string;
  /** Whether to say what was left out. */
  readonly explain?: boolean | undefined;
  /** Lines that stand elsewhere, and are not written again. Where given, the outcome lists its lines. */
  readonly written?: ReadonlySet<number> | undefined;
}

export function summariseLog(
  { lines, heading, failures = new Set() }: LogLines,
  question: Question,
  budgetTokens: number,
  counter: TokenCounter,
  { opening, explain = false, written }: SummaryForm,
): LogSummary {
  const grouped = groupLines(lines);
  const priorities = prioritiesOfLines(lines, grouped, question);
  for (const failure of failures) priorities[failure]! += asksForFailure(question.text) ? askedFailure : untoldFailure;
  const order = [...lines.keys()]
    .filter((index) => (priorities[index] as number) > 0)
    .sort((a, b) => (priorities[b] as number) - (priorities[a] as number) || a - b);
  const variations = new Map<LogGroup, string>();
  const suffixOf = (group: LogGroup): string => {
    if (group.lines.length < 2) return "";
    const variation = variations.get(group) ?? variationOf(group, grouped.variables);
    variations.set(group, variation);
    return `\n ↳ ×${group.lines.length}${variation === "" ? "" : `: ${variation}`}`;
  };
  const isReport = (index: number, line: string): boolean =>
    failures.has(index) && line.includes("\n") && line.length <= longestFailure;
  const textOf = (index: number): string => {
    const group = grouped.groupOf[index] as LogGroup;
    const line = lines[index] as string;
    return (isReport(index, line) ? line : shownLine(line, question)) + (group.lines[0] === index ? suffixOf(group) : "");
  };
  const selection = createLineSelection(order, textOf);
  const first = `${opening}${lines.length} lines, ${grouped.groups.length} kinds (↳ ×n: how often, and what varies)${heading ? `; ${heading}` : ""}`;
  const pickedOf = new Map<string, readonly number[]>();
  const render = () => {
    const text = [first, ...selection.texts()].join("\n");
    if (explain || written) pickedOf.set(text, selection.lines());
    return text;
  };
  const fitted = fitToBudget(selection, render, budgetTokens, counter, counter.count(first));
  const picked = pickedOf.get(fitted.text) ?? [];
  const parts = explain ? { parts: removedLines(lines, grouped, picked, suffixOf) } : {};
  const added = written ? addedLines(fitted, picked, written, textOf, first, counter) : fitted;
  return { ...added, lines: lines.length, kinds: grouped.groups.length, ...parts };
}

/** What is shown without the lines that stand elsewhere; empty when those are all. */
function addedLines(
  fitted: FittedText,
  picked: readonly number[],
  written: ReadonlySet<number>,
  textOf: (line: number) => string,
  first: string,
  counter: TokenCounter,
): FittedText & Pick<LogSummary, "units"> {
  const units = picked.filter((line) => !written.has(line));
  if (units.length === picked.length) return { ...fitted, units };
  if (units.length === 0) return { text: "", tokens: 0, kept: 0, units };
  const text = [first, ...units.toSorted((a, b) => a - b).map(textOf)].join("\n");
  return { text, tokens: counter.count(text), kept: units.length, units };
}

/** Of each kind of line, those that are not shown, below an example of it. */
function removedLines(
  lines: readonly string[],
  { groups }: LogGroups,
  picked: readonly number[],
  suffixOf: (group: LogGroup) => string,
): RemovedPart[] {
  const isShown = new Set(picked);
  return groups.flatMap((group) => {
    const [first = 0] = group.lines;
    const left = group.lines.filter((line) => !isShown.has(line)).length;
    const mark = isShown.has(first) ? suffixOf(group).trim() : "";
    if (left === 0 && mark === "") return [];
    const example = (lines[first] as string).slice(0, exampleLength).toWellFormed();
    return [{ mark, marks: mark === "" ? 0 : 1, under: [example], what: `${left} of ${group.lines.length} lines of this kind` }];
  });
}

/** Of the line that a kind of lines is known by. */
const exampleLength = 160;

/** What a failure's report is raised by: above all else where the question is about one. */
const askedFailure = 10;
const untoldFailure = 0.8;
/** Up to so many UTF-16 units a failure's report is kept from its first to its last line. */
const longestFailure = 8000;

const longestLine = 1200;
/** Kept before the place that the question asks for, in a line that is longer. */
const headLength = 400;

/** A line that is too long gives its beginning and what stands around the question's first identifier in it. */
function shownLine(line: string, { terms }: Question): string {
  if (line.length <= longestLine) return line;
  const lower = line.toLowerCase();
  const places = terms.flatMap(({ text, isLiteral }) => (isLiteral ? [lower.indexOf(text)] : []));
  const place = Math.min(...places.filter((at) => at >= 0));
  if (place < longestLine || place === Number.POSITIVE_INFINITY) return `${line.slice(0, longestLine)}…`;
  const from = place - (longestLine - headLength) / 2;
  return `${line.slice(0, headLength)} … ${line.slice(from, from + longestLine - headLength)}…`.toWellFormed();
}

/** Standard deviations from the mean at which a number stands out by itself. */
const farOut = 8;

/** What is asked for above all, then trouble and rare kinds, then one line for each kind; 0 for a line that only repeats. */
function prioritiesOfLines(
  lines: readonly string[],
  { groups, groupOf, variables }: LogGroups,
  question: Question,
): Float64Array {
  const priorities = matchesOfLines(lines, question);
  for (const group of groups) {
    const count = group.lines.length;
    const isTrouble = isAlarming(lines[group.lines[0] as number] as string);
    const rarity = count <= 2 ? 0.5 : count <= 8 ? 0.3 : 0.15;
    for (const [rank, index] of group.lines.entries()) {
      const isFirst = rank === 0;
      priorities[index]! += isFirst ? 0.35 + rarity + (isTrouble ? 0.45 : 0) : isTrouble ? 0.3 / (1 + rank / 4) : 0;
    }
  }
  const wants = question.wantsHighest || question.wantsLowest;
  for (const group of groups) {
    const asked = priorities[group.lines[0] as number] as number;
    for (const { line, end, distance } of extremeLinesOf(group, variables)) {
      const isWanted = end === "high" ? question.wantsHighest : question.wantsLowest;
      if (wants && !isWanted) continue;
      const oddity = Math.min(1, distance / farOut);
      priorities[line]! += isWanted ? 0.45 + 0.3 * Math.min(1, asked) + 0.5 * oddity : 0.1 + 0.4 * oddity;
    }
  }
  for (const [index, group] of groupOf.entries())
    if (group.lines.length > 2 && (priorities[index] as number) < 0.02) priorities[index] = 0;
  return priorities;
}

/** 0 to 1.5 for each line: the question's words in it, rare ones above all. */
function matchesOfLines(lines: readonly string[], question: Question): Float64Array {
  const scores = new Float64Array(lines.length);
  const matcher = createValueMatcher(question);
  const frequency = new Map<number, number>();
  const matches = lines.map((line) => {
    const found = matcher(line);
    for (const { term } of found) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    return found;
  });
  const rarity = (term: number): number => Math.log(1 + lines.length / (frequency.get(term) ?? 1)) / Math.log(1 + lines.length);
  let greatest = 0;
  for (const [index, found] of matches.entries()) {
    let score = 0;
    for (const { term, strength } of found) {
      const known = question.terms[term];
      if (known) score += (known.isLiteral ? 1 : 0.6 + 0.4 * strength) * rarity(term) ** 2 * known.weight;
    }
    scores[index] = score;
    if (score > greatest) greatest = score;
  }
  if (greatest > 0) for (let index = 0; index < scores.length; index++) scores[index]! *= 1.5 / Math.max(1, greatest);
  const raised = raisedBy(question);
  if (raised) for (const [index, line] of lines.entries()) scores[index]! += raised(line);
  return scores;
}

/** What a line is raised by that lies in a time the question names, or holds a number that it compares with. */
const metCondition = 1;

/** Undefined for a question that sets no condition on lines. */
function raisedBy({ times, comparisons }: Question): ((line: string) => number) | undefined {
  const measured = comparisons.filter(({ unit }) => unit !== "");
  const unit = measured[0]?.unit;
  if (times.length === 0 && unit === undefined) return undefined;
  return (line) => {
    const isTimed = times.length > 0 && isInRanges(line.slice(0, timeWithin), times) === true;
    const isMeasured = unit !== undefined && measuresOf(line, unit).some((value) => passesAll(value, measured));
    return (isTimed ? metCondition : 0) + (isMeasured ? metCondition : 0);
  };
}

/** A line's own time stands at its beginning. */
const timeWithin = 80;

/** The numbers of a line that stand before a unit. */
function measuresOf(line: string, unit: string): number[] {
  return [...line.matchAll(/(?<![\d.])(-?\d[\d.]*)\s?([a-z%]+)/gi)].flatMap(([, number, own]) =>
    own?.toLowerCase() === unit ? [Number(number)] : [],
  );
}

function createLineSelection(
  order: readonly number[],
  textOf: (index: number) => string,
): FillableSelection & { texts(): string[]; lines(): readonly number[] } {
  const picked: number[] = [];
  const costs: number[] = [];
  const isPicked = new Set<number>();
  let estimated = 0;
  let next = 0;
  return {
    get size() {
      return picked.length;
    },
    get estimatedTokens() {
      return estimated;
    },
    fill: (tokens) => {
      for (let misses = 0; next < order.length && misses < 24; next++) {
        const index = order[next] as number;
        if (isPicked.has(index)) continue;
        const cost = estimateTokens(textOf(index)) + 1;
        if (estimated + cost > tokens) {
          misses++;
          continue;
        }
        picked.push(index);
        isPicked.add(index);
        costs.push(cost);
        estimated += cost;
      }
      return next < order.length;
    },
    shrink: (tokens) => {
      while (picked.length > 0 && estimated > tokens) {
        isPicked.delete(picked.pop() as number);
        estimated -= costs.pop() as number;
      }
      next = 0;
    },
    lines: () => [...picked],
    texts: () => [...picked].sort((a, b) => a - b).map(textOf),
  };
}

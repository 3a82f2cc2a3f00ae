// Finds the template that writes many texts in the fewest tokens.
import { clockOf, timePattern } from "./clock.ts";
import { cellsOfHoles, type Hole, isReserved, type Template, writeTemplate } from "./template.ts";

/** Tokens of a text. Only differences count, so any consistent measure will do. */
export type CountTokens = (text: string) => number;

export interface FilledTemplate {
  readonly template: Template;
  /** For each text its cells, in the order of `cellsOfHoles`. */
  readonly rows: readonly (readonly string[])[];
}

const uuid = String.raw`[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}`;
const hexDigits = String.raw`(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[\da-fA-F]{6,64}`;
const token = String.raw`(?=\p{L}{0,64}\d{1,5}\p{L}{1,64}\d)[\p{L}\d]{8,64}`;
/** Letters and digits in no order. Cut wherever one follows the other, no two of them would have the same pieces. */
const identifier = String.raw`(?<![\p{L}\d])(?:${uuid}|${hexDigits}|${token})(?![\p{L}\d])`;
const simplePiece = new RegExp(String.raw`${identifier}|\d+|\p{L}+|[^\d\p{L}]`, "gu");
const piece = new RegExp(`${timePattern}|${simplePiece.source}`, "gu");

/** Times, identifiers, numbers, words, and every other character by itself. */
export const piecesOf = (text: string): string[] => text.match(piece) ?? [];
const isTime = (text: string): boolean => /^\d{4}-/.test(text);

/** What kind of piece it is, as one character: of a mark, itself. */
export function shapeOf(text: string): string {
  if (isTime(text)) return "t";
  if (/^\d+$/.test(text)) return "0";
  return /^[\p{L}\d]/u.test(text) ? (/\d/.test(text) ? "x" : "a") : text;
}

/** A counter is worth a rule from this many rows on. */
const counterRows = 3;
/** Numbers that a double counts exactly, with room for the last row's. */
const counterDigits = 12;
const mostOptions = 64;
/** Rows whose tokens are counted to compare two ways of writing all of them. */
const sampledRows = 64;

/**
 * @param texts at least one; no line breaks, no tabs.
 * @returns the best of: nothing in common; a common beginning and end; a structure of words, digits and punctuation.
 */
export function inferTemplate(texts: readonly string[], count: CountTokens): FilledTemplate {
  const first = texts[0] as string;
  if (texts.every((text) => text === first)) return { template: { literals: [first], holes: [] }, rows: texts.map(() => []) };
  const candidates = [trimmed(texts, count), aligned(texts, count)].filter((candidate) => candidate !== undefined);
  return candidates.reduce((best, candidate) => (costOf(candidate, count) < costOf(best, count) ? candidate : best));
}

/** Mean tokens of a row, and the template's own spread over all rows. */
export function costOf({ template, rows }: FilledTemplate, count: CountTokens): number {
  const step = Math.max(1, Math.floor(rows.length / sampledRows));
  let tokens = 0;
  let sampled = 0;
  for (let row = 0; row < rows.length; row += step, sampled++) tokens += count(`${(rows[row] as string[]).join("\t")}\t`);
  return tokens / sampled + count(writeTemplate(template)) / rows.length;
}

function trimmed(texts: readonly string[], count: CountTokens): FilledTemplate {
  const prefix = commonPrefix(texts);
  const rest = texts.map((text) => text.slice(prefix.length));
  const suffix = commonSuffix(rest);
  const inside = rest.map((text) => text.slice(0, text.length - suffix.length));
  const hole = holeOf(inside, count);
  return filled([prefix, suffix], [hole], [inside]);
}

interface Parts {
  readonly literals: string[];
  readonly holes: (Hole | undefined)[];
  readonly columns: string[][];
}

/** Undefined where the texts differ in more than what stands in their pieces. */
function aligned(texts: readonly string[], count: CountTokens): FilledTemplate | undefined {
  const parts: Parts = { literals: [""], holes: [], columns: [] };
  if (!align(texts, piece, parts)) return undefined;
  const holes = parts.columns.map((column, at) => parts.holes[at] ?? holeOf(column, count));
  return filled(parts.literals, holes, parts.columns);
}

/** Adds what the texts share to the last literal, and a column for each piece in which they differ. */
function align(texts: readonly string[], pattern: RegExp, { literals, holes, columns }: Parts): boolean {
  const pieces = texts.map((text) => text.match(pattern) ?? []);
  const first = pieces[0] as string[];
  if (pieces.some((others) => others.length !== first.length)) return false;
  for (const [at, one] of first.entries()) {
    const column = pieces.map((others) => others[at] as string);
    const isJoined = columns.length > 0 && literals.at(-1) === "" && holes.at(-1) === undefined;
    if (column.every((other) => other === one)) literals[literals.length - 1] += one;
    else if (isTime(one) && column.every(isTime)) {
      const clock = clockOf(column);
      if (clock === undefined && align(column, simplePiece, { literals, holes, columns })) continue;
      addColumn(column, clock && { kind: "clock", ...clock }, { literals, holes, columns });
    } else if (isJoined) join(columns, column);
    else addColumn(column, undefined, { literals, holes, columns });
  }
  return true;
}

function addColumn(column: string[], hole: Hole | undefined, { literals, holes, columns }: Parts): void {
  columns.push(column);
  holes.push(hole);
  literals.push("");
}

const join = (columns: string[][], column: readonly string[]): void => {
  columns[columns.length - 1] = (columns.at(-1) as string[]).map((text, row) => text + column[row]);
};

function filled(literals: readonly string[], holes: readonly Hole[], columns: readonly (readonly string[])[]): FilledTemplate {
  const cells = cellsOfHoles({ literals, holes });
  const codes = holes.map((hole) =>
    hole.kind === "choice" ? new Map(hole.options.map((option, at) => [option, String(at)])) : undefined,
  );
  const write = (index: number, row: number): string => {
    const text = (columns[index] as string[])[row] as string;
    return codes[index]?.get(text) ?? text;
  };
  const rows = (columns[0] as string[]).map((_, row) => cells.map((cell) => cell.map((index) => write(index, row)).join("")));
  return { template: { literals, holes }, rows };
}

function holeOf(values: readonly string[], count: CountTokens): Hole {
  return counterOf(values) ?? digitsOf(values) ?? choiceOf(values, count) ?? { kind: "any" };
}

function counterOf(values: readonly string[]): Hole | undefined {
  if (values.length < counterRows || !values.every((value) => value.length <= counterDigits && /^(?:0|[1-9]\d*)$/.test(value)))
    return undefined;
  const start = Number(values[0]);
  const step = Number(values[1]) - start;
  return step !== 0 && values.every((value, row) => Number(value) === start + row * step)
    ? { kind: "counter", start, step }
    : undefined;
}

function digitsOf(values: readonly string[]): Hole | undefined {
  const width = (values[0] as string).length;
  return width > 0 && values.every((value) => value.length === width && /^\d+$/.test(value))
    ? { kind: "digits", width }
    : undefined;
}

/** Texts that repeat, by number, where that saves tokens. */
function choiceOf(values: readonly string[], count: CountTokens): Hole | undefined {
  const uses = new Map<string, number>();
  for (const value of values) {
    uses.set(value, (uses.get(value) ?? 0) + 1);
    if (uses.size > mostOptions || uses.size * 3 > values.length) return undefined;
  }
  const options = [...uses.keys()].sort((left, right) => (uses.get(right) as number) - (uses.get(left) as number));
  if (options.length < 2 || options.some((option) => /[|{}]/.test(option))) return undefined;
  const inside = options.join("|");
  if (isReserved(inside)) return undefined;
  const written = options.reduce((sum, option) => sum + (uses.get(option) as number) * count(`\t${option}`), 0);
  // A number after a tab takes two tokens, and a reader has to look it up: worth it from one token a row.
  return written > values.length * 3 + count(inside) ? { kind: "choice", options } : undefined;
}

function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] as string;
  for (const text of texts) {
    let end = 0;
    while (end < prefix.length && prefix[end] === text[end]) end++;
    prefix = prefix.slice(0, end);
  }
  return wholeCharacters(prefix);
}

function commonSuffix(texts: readonly string[]): string {
  let suffix = texts[0] as string;
  for (const text of texts) {
    let length = 0;
    while (length < suffix.length && suffix.at(-1 - length) === text.at(-1 - length)) length++;
    suffix = suffix.slice(suffix.length - length);
  }
  return /^[\uDC00-\uDFFF]/.test(suffix) ? suffix.slice(1) : suffix;
}

const wholeCharacters = (text: string): string => (/[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text);

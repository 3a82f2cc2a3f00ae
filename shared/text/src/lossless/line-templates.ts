// Text as lines of templates: what alike lines have in common stands once.
//
//   A=2024-05-01T10:{2}:{2}Z INFO job {} done      templates, one letter each
//   =                                              here they end
//   A0311<TAB>77                                   a line of template A: its cells
//   *3A                                            the next three rows are all of A, without the letter
//   >2 src/app/main.ts:                            the next two lines begin with what follows the first blank
//   =Anything                                      a line as it is; without `=` where it begins with none of A-Z * > =
import { type CountTokens, costOf, type FilledTemplate, inferTemplate, piecesOf } from "./infer-template.ts";
import { clustersOf, headsOf } from "./line-clusters.ts";
import { cellsOfHoles, fillTemplate, readTemplate, type Template, writeTemplate } from "./template.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const separator = "\t";
const fewestLines = 2;
const shortestPrefix = 6;

interface Group {
  readonly lines: readonly number[];
  readonly filled: FilledTemplate;
  readonly savedTokens: number;
}

/**
 * @param lines without line breaks.
 * @param isPlain lines that are to be read as they are.
 * @returns what `readLineTemplates` reads.
 */
export function writeLineTemplates(
  lines: readonly string[],
  count: CountTokens,
  isPlain: (line: string) => boolean = () => false,
): string {
  const groups = groupsOf(
    // Empty lines are in no group.
    lines.map((line) => (isPlain(line) ? "" : line)),
    count,
  );
  const rowOf = new Map<number, { readonly letter: string; readonly cells: string; readonly hasCells: boolean }>();
  const definitions = groups.map(({ lines: numbers, filled }, at) => {
    const hasCells = cellsOfHoles(filled.template).length > 0;
    for (const [row, number] of numbers.entries())
      rowOf.set(number, { letter: letters[at] as string, cells: (filled.rows[row] as string[]).join(separator), hasCells });
    return `${letters[at]}=${writeTemplate(filled.template)}`;
  });
  const body: string[] = [];
  for (let number = 0; number < lines.length; ) {
    const row = rowOf.get(number);
    if (row === undefined) number = writeLiteral(lines, number, (other) => rowOf.has(other), body, count);
    else {
      let end = number + 1;
      while (rowOf.get(end)?.letter === row.letter) end++;
      const cells = Array.from({ length: end - number }, (_, at) => rowOf.get(number + at)?.cells as string);
      body.push(...rowsOf(row.letter, cells, row.hasCells));
      number = end;
    }
  }
  return [...definitions, "=", ...body].join("\n");
}

function rowsOf(letter: string, cells: readonly string[], hasCells: boolean): string[] {
  if (cells.length < 3) return cells.map((cell) => letter + cell);
  return [`*${cells.length}${letter}`, ...(hasCells ? cells : [])];
}

/** Templates that save tokens, the best of them as far as there are letters. */
function groupsOf(lines: readonly string[], count: CountTokens): Group[] {
  const whole = clustersOf(lines)
    .filter((numbers) => numbers.length >= fewestLines)
    .map((numbers) => groupOf(lines, numbers, count, (line) => line))
    .filter((group) => group.savedTokens > 0);
  const taken = new Set(whole.flatMap((group) => group.lines));
  const left = [...lines.keys()].filter((number) => !taken.has(number) && lines[number] !== "");
  const heads = headsOf(lines, left)
    .map(({ lines: numbers, pieces }) => headGroupOf(lines, numbers, pieces, count))
    .filter((group) => group.savedTokens > 0);
  return [...whole, ...heads].sort((a, b) => b.savedTokens - a.savedTokens).slice(0, letters.length);
}

function groupOf(
  lines: readonly string[],
  numbers: readonly number[],
  count: CountTokens,
  part: (line: string) => string,
): Group {
  const texts = numbers.map((number) => part(lines[number] as string));
  return measured(numbers, texts, inferTemplate(texts, count), count);
}

/** A template of the head, with the rest of each line as its last cell. */
function headGroupOf(lines: readonly string[], numbers: readonly number[], pieces: number, count: CountTokens): Group {
  const heads = numbers.map((number) =>
    piecesOf((lines[number] as string).slice(0, 400))
      .slice(0, pieces)
      .join(""),
  );
  const { template, rows } = inferTemplate(heads, count);
  const filled: FilledTemplate = {
    template: { literals: [...template.literals, ""], holes: [...template.holes, { kind: "any" }] },
    rows: rows.map((cells, row) => [...cells, (lines[numbers[row] as number] as string).slice((heads[row] as string).length)]),
  };
  return measured(
    numbers,
    numbers.map((number) => lines[number] as string),
    filled,
    count,
  );
}

function measured(numbers: readonly number[], texts: readonly string[], filled: FilledTemplate, count: CountTokens): Group {
  const raw: FilledTemplate = { template: { literals: [""], holes: [] }, rows: texts.map((text) => [text]) };
  // A letter a row, a letter and `=` for the template.
  const savedTokens = (costOf(raw, count) - costOf(filled, count) - 1) * texts.length - 4;
  return { lines: numbers, filled, savedTokens };
}

const isMarked = (line: string): boolean => /^[A-Z*>=]/.test(line);
const asLiteral = (line: string): string => (isMarked(line) ? `=${line}` : line);

/** Writes one line, or a run of lines that begin with the same text. @returns the number of the next line. */
function writeLiteral(
  lines: readonly string[],
  number: number,
  isTaken: (number: number) => boolean,
  body: string[],
  count: CountTokens,
): number {
  const line = lines[number] as string;
  const prefix = isTaken(number + 1) ? "" : sharedPrefix(line, lines[number + 1] ?? "");
  let end = number + 1;
  if (prefix.length >= shortestPrefix)
    while (end < lines.length && !isTaken(end) && (lines[end] as string).startsWith(prefix)) end++;
  if (end - number < 2 || count(prefix) * (end - number - 1) < 6) {
    body.push(asLiteral(line));
    return number + 1;
  }
  body.push(`>${end - number} ${prefix}`, ...lines.slice(number, end).map((other) => other.slice(prefix.length)));
  return end;
}

/** What two lines share at the start, up to a separator: names and numbers stay whole. */
function sharedPrefix(left: string, right: string): string {
  let end = 0;
  while (end < left.length && left[end] === right[end]) end++;
  while (end > 0 && !/[\s/:|\\,;]/.test(left[end - 1] as string)) end--;
  return left.slice(0, end);
}

/** @throws SyntaxError when the text is not what `writeLineTemplates` writes. */
export function readLineTemplates(text: string): string[] {
  const source = text.split("\n");
  const templates = new Map<string, { readonly template: Template; row: number }>();
  let at = 0;
  for (; source[at] !== "="; at++) {
    const definition = source[at];
    if (definition === undefined || definition[1] !== "=") throw new SyntaxError("the templates have no end");
    templates.set(definition[0] as string, { template: readTemplate(definition.slice(2)), row: 0 });
  }
  at++;
  const fill = (letter: string, cells: string): string => {
    const known = templates.get(letter);
    if (known === undefined) throw new SyntaxError(`there is no template ${letter}`);
    return fillLine(known.template, cells, known.row++);
  };
  const lines: string[] = [];
  while (at < source.length) {
    const line = source[at++] as string;
    const run = /^\*(\d+)([A-Z])$/.exec(line);
    const shared = /^>(\d+) /.exec(line);
    if (run) {
      const [, size, letter] = run as unknown as [string, string, string];
      const isEmpty = cellsOfHoles(templates.get(letter)?.template ?? { literals: [], holes: [] }).length === 0;
      for (let row = 0; row < Number(size); row++) lines.push(fill(letter, isEmpty ? "" : (source[at++] ?? "")));
    } else if (shared) {
      const prefix = line.slice(shared[0].length);
      for (let row = 0; row < Number(shared[1]); row++) lines.push(prefix + (source[at++] ?? ""));
    } else if (line.startsWith("=")) lines.push(line.slice(1));
    else lines.push(/^[A-Z]/.test(line) ? fill(line[0] as string, line.slice(1)) : line);
  }
  return lines;
}

/** The last cell takes what is left, tabs and all. */
function fillLine(template: Template, cells: string, row: number): string {
  const count = cellsOfHoles(template).length;
  const parts = cells.split(separator);
  const taken = count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
  let at = 0;
  return fillTemplate(template, () => taken[at++] ?? "", row);
}

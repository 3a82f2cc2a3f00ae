// A table that fits the width: the widest columns give way, and words are cut only when nothing else can be.
import { countOf } from "./count-of.ts";
import { type CellLines, drawTable } from "./draw-table.ts";
import type { Terminal } from "./terminal.ts";
import { plainLines, widestOf, wrapText } from "./wrap-text.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

type Paint = (text: string) => string;

export interface TableStyle {
  /** Colours a row, by its index. */
  readonly paintOf?: (row: number) => Paint | undefined;
}

const minimumColumn = 8;
/** A table is for people: longer cells are cut, and rows beyond so much are counted. `--json` has all. */
const longestCell = 1000;
const mostLines = 10_000;
const mostCharacters = 1_000_000;
/** Border and padding of a column, in characters. */
const columnFrame = 3;

/**
 * Content widths that sum up to at most `available`, unless every column is at its minimum; the widest are cut first.
 * @param words the longest word of each column: none is cut while another column has a space to break at.
 */
export function columnWidths(wanted: readonly number[], available: number, words: readonly number[] = []): number[] {
  const natural = wanted.map((width) => Math.min(width, Math.max(available, minimumColumn)));
  const whole = natural.map((width, column) => Math.min(width, Math.max(minimumColumn, words[column] ?? 0)));
  const least = natural.map((width) => Math.min(width, minimumColumn));
  return shrink(shrink(natural, available, whole), available, least);
}

function shrink(natural: readonly number[], available: number, least: readonly number[]): number[] {
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - available;
    const shrinkable = widths.filter((width, column) => width > (least[column] ?? 0));
    if (excess <= 0 || shrinkable.length === 0) return widths;
    const widest = Math.max(...shrinkable);
    const second = Math.max(0, ...shrinkable.filter((width) => width < widest));
    const column = widths.findIndex((width, index) => width === widest && width > (least[index] ?? 0));
    // Columns that are equally wide give the same.
    const share = Math.ceil(excess / shrinkable.filter((width) => width === widest).length);
    widths[column] = Math.max(least[column] ?? 0, Math.min(widest - 1, Math.max(second, widest - share)));
  }
}

const shortened = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell)}… (${countOf(text.length, "character")})` : text;

/** The first row, and those after it that people may want to read, their cells cut. */
function readableRows(rows: readonly (readonly string[])[]): string[][] {
  const readable: string[][] = [];
  let characters = 0;
  for (const row of rows) {
    const cells = row.map(shortened);
    characters += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (readable.length > 0 && (readable.length === mostLines || characters > mostCharacters)) break;
    readable.push(cells);
  }
  return readable;
}

/** A row is as high as its highest cell, and a narrow column makes a long cell high. */
function untilMostLines(rows: Iterable<CellLines[number]>): CellLines[number][] {
  const drawn: CellLines[number][] = [];
  let lines = 0;
  for (const row of rows) {
    lines += Math.max(1, ...row.map((cell) => cell.length));
    if (drawn.length > 0 && lines > mostLines) break;
    drawn.push(row);
  }
  return drawn;
}

/** @param rows text without colours. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  terminal: Pick<Terminal, "width" | "colors">,
  { paintOf }: TableStyle = {},
): string {
  const cells = readableRows(rows);
  const contents = columns.map(({ title }, index) => [title, ...cells.map((row) => row[index] ?? "")].flatMap(plainLines));
  const widths = columnWidths(
    contents.map(widestOf),
    terminal.width - columns.length * columnFrame - 1,
    contents.map((lines) => widestOf(lines.flatMap((line) => line.split(" ")))),
  );
  const linesOf = (row: readonly string[]) =>
    columns.map((_, index) => wrapText(row[index] ?? "", widths[index] ?? minimumColumn));
  const shown = untilMostLines(Iterator.from(cells).map(linesOf));
  const table = drawTable([linesOf(columns.map(({ title }) => title)), ...shown], {
    widths,
    aligns: columns.map(({ align }) => align ?? "left"),
    paint: (line, row) => (row === 0 ? terminal.colors.bold(line) : (paintOf?.(row - 1) ?? String)(line)),
  });
  const more = rows.length - shown.length;
  return more > 0 ? `${table}\n… and ${countOf(more, "more row")}` : table;
}

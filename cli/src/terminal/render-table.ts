// A table that fits the width: the widest columns give way.
import Table from "cli-table3";
import type { Terminal } from "./terminal.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

const minimumColumn = 8;
/** Border and padding of a column, in characters. */
const columnFrame = 3;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences of colours
const escapeSequences = /\u001b\[[0-9;]*m/g;
const visibleLength = (text: string): number =>
  Math.max(0, ...text.split("\n").map((line) => [...line.replace(escapeSequences, "")].length));

/** Content widths that sum up to at most `available`; the widest columns are cut first. */
export function columnWidths(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - available;
    const widest = Math.max(...widths);
    if (excess <= 0 || widest <= minimumColumn) return widths;
    const second = Math.max(minimumColumn, ...widths.filter((width) => width < widest));
    const column = widths.indexOf(widest);
    widths[column] = Math.max(minimumColumn, Math.min(widest - 1, Math.max(second, widest - excess)));
  }
}

export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], terminal: Terminal): string {
  const natural = columns.map((column, index) =>
    Math.max(visibleLength(column.title), ...rows.map((row) => visibleLength(row[index] ?? ""))),
  );
  const widths = columnWidths(natural, terminal.width - columns.length * columnFrame - 1);
  const table = new Table({
    head: columns.map((column) => terminal.colors.bold(column.title)),
    colAligns: columns.map((column) => column.align ?? "left"),
    colWidths: widths.map((width) => width + 2),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

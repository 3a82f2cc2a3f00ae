// The frame of a table around cells that are already cut into lines.
import { visibleWidth } from "./wrap-text.ts";

export interface TableFrame {
  /** Columns of the terminal that a cell's content takes, without its padding. */
  readonly widths: readonly number[];
  readonly aligns: readonly ("left" | "right")[];
  /** Colours of a line of a cell; the frame has none. */
  readonly paint: (line: string, row: number) => string;
}

/** Lines of each cell, by row and column. */
export type CellLines = readonly (readonly (readonly string[])[])[];

const padding = " ";

export function drawTable(rows: CellLines, frame: TableFrame): string {
  const border = (left: string, cross: string, right: string): string =>
    `${left}${frame.widths.map((width) => "─".repeat(width + 2 * padding.length)).join(cross)}${right}`;
  const drawn = rows.flatMap((cells, row) => [
    row === 0 ? border("┌", "┬", "┐") : border("├", "┼", "┤"),
    ...rowLines(cells, row, frame),
  ]);
  return [...drawn, border("└", "┴", "┘")].join("\n");
}

/** A row is as high as its highest cell. */
function rowLines(cells: readonly (readonly string[])[], row: number, { widths, aligns, paint }: TableFrame): string[] {
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const parts = widths.map((width, column) => {
      const line = cells[column]?.[at] ?? "";
      const blanks = " ".repeat(Math.max(0, width - visibleWidth(line)));
      const painted = line === "" ? "" : paint(line, row);
      return `${padding}${aligns[column] === "right" ? blanks + painted : painted + blanks}${padding}`;
    });
    return `│${parts.join("│")}│`;
  });
}

// A GitHub table. What keeps the types: a cell in double quotes is a JSON string, a bare one what it looks like, an empty one null.
import type { Format } from "../format.ts";
import { bareCell, recordsOf, type Scalar, scalarOf, tableOf } from "../table.ts";

const markdown: Format = {
  name: "markdown",
  mediaType: "text/markdown",
  render(value) {
    const table = tableOf(value);
    if (!table) return undefined;
    const rule = table.columns.map(() => "---");
    return [table.columns.map(cellOf), rule, ...table.rows.map((row) => row.map(cellOf))].map(lineOf).join("\n");
  },
  parse(rendered) {
    const [header, rule, ...lines] = rendered.split("\n");
    if (header === undefined || rule === undefined) throw new SyntaxError("a Markdown table has a header and a rule");
    const columns = cellsOf(header).map((cell) => (cell.startsWith('"') ? JSON.parse(cell) : cell));
    return recordsOf(
      columns,
      lines.map((line) => cellsOf(line).map((cell) => (cell.startsWith('"') ? JSON.parse(cell) : scalarOf(cell)))),
    );
  },
};

const lineOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Bare unless it would be read as another type, begins with a quote, or holds what a cell cannot. */
function cellOf(value: Scalar): string {
  if (typeof value !== "string") return bareCell(value);
  const bare = value !== "" && scalarOf(value) === value && !/^["\s]|\s$|[\r\n]/.test(value);
  return (bare ? value : JSON.stringify(value)).replace(/[\\|]/g, "\\$&");
}

/** The cells of a line, at every bar that no backslash precedes. */
function cellsOf(line: string): string[] {
  const inner = /^\| (.*) \|$/s.exec(line)?.[1];
  if (inner === undefined) throw new SyntaxError("a line of a Markdown table begins and ends with a bar");
  const cells = [""];
  for (const [piece] of inner.matchAll(/\\[\\|]| \| |./gs)) {
    if (piece === " | ") cells.push("");
    else cells[cells.length - 1] += piece.startsWith("\\") ? piece.slice(1) : piece;
  }
  return cells;
}

export default markdown;

// RFC 4180 with a header. What keeps the types: a quoted cell is a string, a bare one what it looks like, an empty one null.
import { parse as parseCells } from "csv-parse/sync";
import type { Format } from "../format.ts";
import { bareCell, recordsOf, type Scalar, scalarOf, tableOf } from "../table.ts";

const csv: Format = {
  name: "csv",
  mediaType: "text/csv",
  render(value) {
    const table = tableOf(value);
    // A null alone in its row is an empty line, which readers skip.
    if (!table || (table.columns.length === 1 && table.rows.some(([only]) => only === null))) return undefined;
    return [table.columns, ...table.rows].map((cells) => cells.map(cellOf).join(",")).join("\n");
  },
  parse(rendered) {
    const [columns, ...rows] = parseCells(rendered, {
      record_delimiter: "\n",
      relax_column_count: true,
      cast: (cell, { quoting, records }) => (quoting || records === 0 ? cell : scalarOf(cell)),
    });
    if (!columns) throw new SyntaxError("CSV without a header");
    return recordsOf(columns, rows);
  },
};

/** Quotes a string that would be read as another type, too: no CSV library can be told so cell by cell at a bearable cost. */
function cellOf(value: Scalar): string {
  if (typeof value !== "string") return bareCell(value);
  return /[",\r\n]/.test(value) || scalarOf(value) !== value ? `"${value.replaceAll('"', '""')}"` : value;
}

export default csv;

// A list of records that all have the same fields, none of them nested: what CSV and Markdown can hold.
import { type ExactNumber, exactNumberOf, isExactNumber } from "@nocp/contracts/json/exact-numbers.ts";

export type Scalar = string | number | ExactNumber | boolean | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Scalar[])[];
}

/** `undefined` when the value is no such list, is empty, or its records are. Stops at the first record that differs. */
export function tableOf(value: unknown): Table | undefined {
  if (!Array.isArray(value) || !isRecord(value[0])) return undefined;
  const columns = Object.keys(value[0]);
  if (columns.length === 0) return undefined;
  const rows: Scalar[][] = [];
  for (const record of value) {
    if (!isRecord(record) || Object.keys(record).length !== columns.length) return undefined;
    const row: Scalar[] = [];
    for (const column of columns) {
      const cell = Object.hasOwn(record, column) ? record[column] : undefined;
      if (!isScalar(cell)) return undefined;
      row.push(cell);
    }
    rows.push(row);
  }
  return { columns, rows };
}

/** The records of a table; a column named `__proto__` is a field like any other. */
export const recordsOf = (columns: readonly string[], rows: readonly (readonly unknown[])[]): Record<string, unknown>[] =>
  rows.map((row) => {
    if (row.length !== columns.length) throw new SyntaxError(`a row has ${row.length} cells, the header ${columns.length}`);
    return Object.fromEntries(columns.map((column, index) => [column, row[index]]));
  });

/** What a bare cell stands for: nothing is `null`; a number, `true` and `false` are themselves; all else is a string. */
export function scalarOf(cell: string): Scalar {
  if (cell === "") return null;
  if (cell === "true" || cell === "false") return cell === "true";
  const number = Number(cell);
  return Number.isFinite(number) && String(number) === cell ? number : (exactNumberOf(cell) ?? cell);
}

/** A cell that is not a string, bare. */
export const bareCell = (value: Exclude<Scalar, string>): string =>
  value === null ? "" : isExactNumber(value) ? value.rawJSON : String(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);

const isScalar = (value: unknown): value is Scalar =>
  value === null || ["string", "number", "boolean"].includes(typeof value) || isExactNumber(value);

// CSV and its kin as columns: text cut at one delimiter into as many fields on every line. No quoting is understood:
// what a cut leaves is put together again with the same delimiter, so quotes are text like any other.
import type { Cell, Column } from "./columns.ts";
import type { CountTokens } from "./infer-template.ts";
import { readTable, writeTable } from "./table-block.ts";

const delimiters: Readonly<Record<string, string>> = { comma: ",", semicolon: ";", tab: "\t", bar: "|" };
const fewestRows = 3;

/** @param lines without line breaks. @returns what `readDelimited` reads; undefined where no delimiter cuts all lines alike. */
export function writeDelimited(lines: readonly string[], count: CountTokens): string | undefined {
  const [heading, ...rest] = lines as [string, ...string[]];
  if (rest.length < fewestRows) return undefined;
  for (const [name, delimiter] of Object.entries(delimiters)) {
    const names = heading.split(delimiter);
    if (names.length < 2 || new Set(names).size < names.length) continue;
    const rows = rest.map((line) => line.split(delimiter));
    if (rows.some((row) => row.length !== names.length)) continue;
    const columns: Column[] = names.map((column, at) => ({
      path: [column],
      cells: rows.map((row) => cellOf(row[at] as string)),
    }));
    // Numbers as names would change places in the heading, which is an object.
    if (names.some((column) => /^\d+$/.test(column))) continue;
    return writeTable(`${name} ${rows.length}`, columns, JSON.stringify, count);
  }
  return undefined;
}

const cellOf = (text: string): Cell => (text === "" ? undefined : { value: text });

/** @throws SyntaxError when the text is not what `writeDelimited` writes. */
export function readDelimited(text: string): string[] {
  const [first = "", ...rows] = text.split("\n");
  const [, name, size, heading] = /^(\w+) (\d+) (\{.*\})$/.exec(first) ?? [];
  const delimiter = delimiters[name ?? ""];
  if (delimiter === undefined || heading === undefined) throw new SyntaxError(`not a table: ${first.slice(0, 80)}`);
  let at = 0;
  const columns = readTable(heading, Number(size), () => rows[at++] ?? "", JSON.parse);
  const lines = Array.from({ length: Number(size) }, (_, row) =>
    columns.map(({ cells }) => cells[row]?.value ?? "").join(delimiter),
  );
  return [columns.map(({ path }) => path[0]).join(delimiter), ...lines];
}

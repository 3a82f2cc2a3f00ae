// A JSON value as compact JSON in which lists and maps of alike objects are tables that stand below it.
//
//   {"total":200,"orders":"@1"}
//   @1 200 rows {"id":["{1+1}"],"customer":{"name":"{}"}}
//   …
//
// A map is a table of `entries`; its keys are the column `@key`. A text that looks like a reference has one more `@`.
import { isExactNumber, parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { type Column, columnsOf, isObject, type JsonObject, recordOf } from "./columns.ts";
import type { CountTokens } from "./infer-template.ts";
import { readTable, writeTable } from "./table-block.ts";

const keyColumn = "@key";
const fewestRecords = 3;
/** Of all cells, the share that must be there. */
const fullShare = 0.6;
/** Beyond this nesting nothing is looked for. */
export const deepestLevel = 200;

const isReference = (text: string): boolean => /^@+\d+$/.test(text);

/** @param value parsed JSON, numbers exact, nested no deeper than `deepestLevel`. @returns what `readJsonTables` reads. */
export function writeJsonTables(value: unknown, count: CountTokens): string {
  const blocks: string[] = [];
  const write = (node: unknown): unknown => {
    if (typeof node === "string") return isReference(node) ? `@${node}` : node;
    if (typeof node !== "object" || node === null || isExactNumber(node)) return node;
    const columns = tableOf(node);
    if (columns !== undefined) {
      const name = `@${blocks.length + 1}`;
      const title = `${name} ${(columns[0] as Column).cells.length} ${Array.isArray(node) ? "rows" : "entries"}`;
      blocks.push(writeTable(title, columns, writeJson, count));
      return name;
    }
    if (Array.isArray(node)) return node.map(write);
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, write(field)]));
  };
  return [writeJson(write(value)), ...blocks].join("\n");
}

/** A list or map of objects as columns; undefined where they are too few or too different. */
function tableOf(node: object): Column[] | undefined {
  const records = Array.isArray(node) ? node : Object.values(node);
  if (records.length < fewestRecords || !records.every((record) => isObject(record) && Object.keys(record).length > 0))
    return undefined;
  if (!Array.isArray(node) && records.some((record) => Object.hasOwn(record as JsonObject, keyColumn))) return undefined;
  const columns = columnsOf(records as JsonObject[]);
  const filled = columns.reduce((sum, { cells }) => sum + cells.reduce((cellsSum, cell) => cellsSum + (cell ? 1 : 0), 0), 0);
  if (filled < columns.length * records.length * fullShare) return undefined;
  // Last, because a number as a field comes first in the heading.
  return Array.isArray(node)
    ? columns
    : [...columns, { path: [keyColumn], cells: Object.keys(node).map((value) => ({ value })) }];
}

/** @throws SyntaxError when the text is not what `writeJsonTables` writes. */
export function readJsonTables(text: string): unknown {
  const lines = text.split("\n");
  const tables = new Map<string, unknown>();
  for (let at = 1; at < lines.length; ) {
    const line = lines[at++] as string;
    const [, name, size, kind, heading] = /^(@\d+) (\d+) (rows|entries) (\{.*\})$/.exec(line) ?? [];
    if (name === undefined || heading === undefined) throw new SyntaxError(`not a table: ${line.slice(0, 80)}`);
    const columns = readTable(heading, Number(size), () => lines[at++] ?? "", parseExactly);
    tables.set(name, kind === "rows" ? listOf(columns, Number(size)) : mapOf(columns, Number(size)));
  }
  const read = (node: unknown): unknown => {
    if (typeof node === "string") return tables.has(node) ? tables.get(node) : isReference(node) ? node.slice(1) : node;
    if (typeof node !== "object" || node === null || isExactNumber(node)) return node;
    if (Array.isArray(node)) return node.map(read);
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, read(field)]));
  };
  return read(parseExactly(lines[0] as string));
}

const listOf = (columns: readonly Column[], size: number): JsonObject[] =>
  Array.from({ length: size }, (_, row) => recordOf(columns, row));

function mapOf(columns: readonly Column[], size: number): JsonObject {
  const keys = columns.at(-1)?.cells ?? [];
  const fields = columns.slice(0, -1);
  return Object.fromEntries(Array.from({ length: size }, (_, row) => [keys[row]?.value as string, recordOf(fields, row)]));
}

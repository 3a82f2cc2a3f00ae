// Rows of the tables a context may hold, as records.
import type { ContextRecord } from "./context-record.ts";

export interface ParsedTable {
  readonly records: readonly ContextRecord[];
  /** Lines it takes, the header included. */
  readonly lines: number;
}

/** @returns undefined when no table starts at that line. */
export function parseTable(lines: readonly string[], at: number): ParsedTable | undefined {
  return nocpTable(lines, at) ?? toonTable(lines, at) ?? markdownTable(lines, at) ?? csvTable(lines, at);
}

/** `prefix[3 of 90] all type: x; name | version:`, then rows `zod | 4.6.7; extra: value`. */
function nocpTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = /^\s*([^[\]]*)\[(\d+)(?: of \d+)?\](?: all (.*);)? (.+):$/.exec(lines[at]!);
  if (!header) return undefined;
  const names = header[4]!.split(" | ");
  const shared = fieldsOf(header[3] ?? "");
  const rows = lines.slice(at + 1, at + 1 + Number(header[2]));
  const records = rows.map((row) => {
    const [cells = "", ...extra] = row.split("; ");
    const values = cells.trim().split(" | ");
    const fields = names.flatMap((name, index) => (values[index] ? [{ name, value: values[index] }] : []));
    return { label: header[1]!.trim(), fields: [...fields, ...fieldsOf(extra.join("; ")), ...shared] };
  });
  return { records, lines: rows.length + 1 };
}

const fieldsOf = (text: string) =>
  text.split("; ").flatMap((part) => {
    const colon = part.indexOf(": ");
    return colon > 0 ? [{ name: part.slice(0, colon), value: part.slice(colon + 2) }] : [];
  });

/** `name[2]{id,title}:`, then indented rows with commas (github.com/toon-format/spec). */
function toonTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = /^\s*([^[\]{}]*)\[#?(\d+)([|\t]?)\]\{(.+)\}:$/.exec(lines[at]!);
  if (!header) return undefined;
  const delimiter = header[3] || ",";
  const names = cellsOf(header[4]!, delimiter);
  const rows = lines.slice(at + 1, at + 1 + Number(header[2]));
  return {
    records: rows.map((row) => rowRecord(header[1]!.trim(), names, cellsOf(row.trim(), delimiter))),
    lines: rows.length + 1,
  };
}

function markdownTable(lines: readonly string[], at: number): ParsedTable | undefined {
  if (!/^\s*\|.*\|\s*$/.test(lines[at]!) || !/^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? "")) return undefined;
  const cells = (line: string): string[] =>
    line
      .trim()
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
  const names = cells(lines[at]!);
  const records: ContextRecord[] = [];
  let next = at + 2;
  for (; next < lines.length && /^\s*\|.*\|\s*$/.test(lines[next]!); next++)
    records.push(rowRecord("", names, cells(lines[next]!)));
  return { records, lines: next - at };
}

/** A header of short names, and at least one row with as many cells. */
function csvTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = lines[at]!;
  if (!/^\s*"?[\w .@/-]{1,60}"?(,"?[\w .@/-]{1,60}"?)+\s*$/.test(header) || /[.!?]$/.test(header.trim())) return undefined;
  const names = cellsOf(header.trim(), ",");
  const records: ContextRecord[] = [];
  let next = at + 1;
  for (; next < lines.length; next++) {
    const cells = cellsOf(lines[next]!.trim(), ",");
    if (cells.length !== names.length) break;
    records.push(rowRecord("", names, cells));
  }
  return records.length === 0 || names.some((name) => name.split(" ").length > 3) ? undefined : { records, lines: next - at };
}

const rowRecord = (label: string, names: readonly string[], values: readonly string[]): ContextRecord => ({
  label,
  fields: names.flatMap((name, index) => (values[index] ? [{ name, value: values[index] }] : [])),
});

/** Splits at the delimiter outside of double quotes. */
function cellsOf(row: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < row.length; at++) {
    const character = row[at]!;
    if (character === '"') {
      if (quoted && row[at + 1] === '"') cell += row[at++];
      else quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

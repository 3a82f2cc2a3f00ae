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

/** Fields that all rows share, read for each of them. */
const mostShared = 64;

/** `prefix[3 of 90] all type: x; name | version:`, then rows `zod | 4.6.7; extra: value`. */
function nocpTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = countedHeader(lines[at]!, /\[(\d{1,9})(?: of \d{1,9})?\](?= )/y, ":");
  if (!header) return undefined;
  const sharedEnd = header.rest.startsWith(" all ") ? header.rest.lastIndexOf("; ") : -1;
  const names = header.rest.slice(sharedEnd === -1 ? 1 : sharedEnd + 2).split(" | ");
  const shared = sharedEnd === -1 ? [] : fieldsOf(header.rest.slice(" all ".length, sharedEnd)).slice(0, mostShared);
  const rows = lines.slice(at + 1, at + 1 + header.count);
  const records = rows.map((row) => {
    const [cells = "", ...extra] = row.split("; ");
    const { label, fields } = rowRecord(header.label, names, cells.trim().split(" | "));
    return { label, fields: [...fields, ...fieldsOf(extra.join("; ")), ...shared] };
  });
  return { records, lines: rows.length + 1 };
}

interface CountedHeader {
  readonly label: string;
  /** Rows that it promises. */
  readonly count: number;
  /** The mark between cells, where the header names one. */
  readonly mark: string;
  /** What stands between the number of rows and the end. */
  readonly rest: string;
}

/** @param counted sticky: the brackets, the number in its first group. */
function countedHeader(line: string, counted: RegExp, end: string): CountedHeader | undefined {
  const bracket = line.indexOf("[");
  if (bracket === -1 || !line.endsWith(end)) return undefined;
  counted.lastIndex = bracket;
  const [, count, mark = ""] = counted.exec(line) ?? [];
  const rest = line.slice(counted.lastIndex, -end.length);
  const label = line.slice(0, bracket).trim();
  return count === undefined || rest.trim() === "" || /[\]{}]/.test(label)
    ? undefined
    : { label, count: Number(count), mark, rest };
}

const fieldsOf = (text: string) =>
  text.split("; ").flatMap((part) => {
    const colon = part.indexOf(": ");
    return colon > 0 ? [{ name: part.slice(0, colon), value: part.slice(colon + 2) }] : [];
  });

/** `name[2]{id,title}:`, then indented rows with commas (github.com/toon-format/spec). */
function toonTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = countedHeader(lines[at]!, /\[#?(\d{1,9})([|\t]?)\]\{/y, "}:");
  if (!header) return undefined;
  const delimiter = header.mark || ",";
  const names = cellsOf(header.rest, delimiter);
  const rows = lines.slice(at + 1, at + 1 + header.count);
  return {
    records: rows.map((row) => rowRecord(header.label, names, cellsOf(row.trim(), delimiter))),
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

const columnName = /^"?[\w .@/-]{1,60}"?$/;

/** A header of short names, and at least one row with as many cells. */
function csvTable(lines: readonly string[], at: number): ParsedTable | undefined {
  const header = lines[at]!.trim();
  if (/[.!?]$/.test(header) || !header.includes(",") || !header.split(",").every((name) => columnName.test(name)))
    return undefined;
  const names = cellsOf(header, ",");
  // Looked at before the rows: a line that is no header after all must not cost the reading of all that follow it.
  if (names.some((name) => name.split(" ").length > 3)) return undefined;
  const records: ContextRecord[] = [];
  let next = at + 1;
  for (; next < lines.length; next++) {
    const cells = cellsOf(lines[next]!.trim(), ",");
    if (cells.length !== names.length) break;
    records.push(rowRecord("", names, cells));
  }
  return records.length === 0 ? undefined : { records, lines: next - at };
}

/** In the row's cells, however many columns the header has. */
const rowRecord = (label: string, names: readonly string[], values: readonly string[]): ContextRecord => ({
  label,
  fields: values.slice(0, names.length).flatMap((value, index) => (value === "" ? [] : [{ name: names[index]!, value }])),
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

// What a context holds in fields: JSON, tables (NOCP's, TOON, CSV, Markdown) and `key: value` lines, all as records.
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import type { ContextRecord, Field } from "./context-record.ts";
import { parseTable } from "./table-records.ts";

/** More than a question about one thing can use; a guard against contexts of millions of values. */
const mostRecords = 50_000;
const longestKey = 120;
const longestValue = 400;

export interface ReadContext {
  readonly records: readonly ContextRecord[];
  /** The text that is neither JSON nor a table. */
  readonly prose: string;
}

export function readContext(context: string): ReadContext {
  const records: ContextRecord[] = [];
  const prose: string[] = [];
  let label = "";
  for (const block of context.split(/\n{2,}/)) {
    const json = jsonBlock(block);
    if (json) prose.push(...addJson(json.value, json.label, records));
    else {
      const lines = addLines(block.split("\n"), label, records);
      label = lines.label;
      prose.push(lines.prose.join("\n"));
    }
    if (records.length >= mostRecords) break;
  }
  return { records, prose: prose.filter((text) => text !== "").join("\n\n") };
}

/** `name: {…}` or `{…}`; undefined when the block is not JSON, or cut. */
function jsonBlock(block: string): { readonly label: string; readonly value: unknown } | undefined {
  const match = /^\s*(?:([\w.@/-]{1,120}):\s*)?([[{][\s\S]*[\]}])\s*$/.exec(block);
  if (!match) return undefined;
  try {
    return { label: match[1] ?? "", value: parseKeepingDigits(match[2]!) };
  } catch {
    return undefined;
  }
}

const isScalar = (value: unknown): value is string | number | boolean | null => value === null || typeof value !== "object";

/** @returns long texts among the values: a file's content, a page; JSON within them is read like the rest. */
function addJson(root: unknown, rootLabel: string, records: ContextRecord[]): string[] {
  const texts: string[] = [];
  const pending: { value: unknown; label: string }[] = [{ value: root, label: rootLabel }];
  for (let next = pending.pop(); next && records.length < mostRecords; next = pending.pop()) {
    const { value, label } = next;
    if (isScalar(value)) {
      records.push({ label: "", fields: [{ name: label, value: String(value) }] });
      continue;
    }
    const rows = queryRows(value);
    if (rows) {
      for (const fields of rows) records.push({ label, fields });
      continue;
    }
    const entries = Array.isArray(value) ? value.map((item, at) => [String(at), item] as const) : Object.entries(value ?? {});
    const fields = Array.isArray(value) ? [] : entries.flatMap(([name, inner]) => fieldOf(name, inner) ?? []);
    if (fields.length > 0) records.push({ label, fields });
    const nested = entries.filter(([name, inner]) =>
      Array.isArray(value) ? !isScalar(inner) : fieldOf(name, inner) === undefined,
    );
    for (const [name, inner] of nested.reverse()) {
      if (typeof inner === "string") {
        const json = jsonBlock(inner);
        if (!json) texts.push(inner);
        else pending.push({ value: json.value, label: `${label} ${json.label}`.trim() });
        continue;
      }
      pending.push({ value: inner, label: Array.isArray(value) ? label : `${label} ${name}`.trim() });
    }
  }
  return texts;
}

/** `{"columns": ["a", "b"], "rows": [[1, 2]]}` or with rows as objects, the forms of query results: only the rows tell. */
function queryRows(value: unknown): Field[][] | undefined {
  const { columns, rows } = value as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  return rows.map((row: unknown) =>
    Array.isArray(row)
      ? row.map((cell, at) => ({ name: String(columns[at] ?? at + 1), value: String(cell) }))
      : Object.entries(row ?? {}).map(([name, cell]) => ({ name, value: String(cell) })),
  );
}

/** A scalar, or a list of scalars, as one field; a long text is none. */
function fieldOf(name: string, value: unknown): Field | undefined {
  if (typeof value === "string" && (value.length > longestValue || /^\s*[[{]/.test(value))) return undefined;
  if (isScalar(value)) return { name, value: String(value) };
  return Array.isArray(value) && value.length > 0 && value.every(isScalar) ? { name, value: value.join(", ") } : undefined;
}

/** @returns the label for what follows: a line `name:` stands above what belongs to it, even beyond a blank line. */
function addLines(lines: readonly string[], outerLabel: string, records: ContextRecord[]) {
  let label = outerLabel;
  const prose: string[] = [];
  const parents: { indent: number; name: string }[] = [];
  for (let at = 0; at < lines.length && records.length < mostRecords; at++) {
    const line = lines[at]!;
    if (line.trim() === "") continue;
    const table = parseTable(lines, at);
    const indent = line.length - line.trimStart().length;
    while (parents.length > 0 && parents.at(-1)!.indent >= indent) parents.pop();
    const path = [label, ...parents.map(({ name }) => name)].filter(Boolean).join(" ");
    if (table) {
      for (const record of table.records) records.push({ ...record, label: `${path} ${record.label}`.trim() });
      at += table.lines - 1;
      continue;
    }
    const opened = /^"?([\w.@/\-[\] ]{1,120}?)"?:\s*[{[]?$/.exec(line.trim());
    if (opened) {
      const name = opened[1]!.trim();
      // With blanks in it, it may be a sentence that introduces what follows.
      if (/\s/.test(name)) prose.push(line);
      if (indent === 0 && at === 0) label = name;
      else parents.push({ indent, name });
      continue;
    }
    const record = lineRecord(line);
    // A sentence may have a colon as well, so a line with one is read both ways; several short fields are a record.
    if (!record || record.fields.length < 2 || record.fields.some(({ value }) => value.length > longestValue)) prose.push(line);
    if (record) records.push({ ...record, label: `${path} ${record.label}`.trim() });
  }
  return { label, prose };
}

/** `path: key: value; key: value`, `key: value`, or a line of indented JSON that was cut. */
function lineRecord(line: string): ContextRecord | undefined {
  const plain = line.trim().replace(/^"([^"]{1,120})":\s*"?(.*?)"?,?$/, "$1: $2");
  const json = jsonBlock(plain);
  if (json) {
    const inner: ContextRecord[] = [];
    addJson(json.value, json.label, inner);
    return inner[0];
  }
  const path = /^([^\s:;]{1,200}):\s+(?=[^\s:;]{1,60}:\s)/.exec(plain);
  const rest = path ? plain.slice(path[0].length) : plain;
  const fields = rest.split(/;\s+/).flatMap((part) => keyValue(part) ?? []);
  return fields.length === 0 ? undefined : { label: path?.[1] ?? "", fields };
}

/** A key is short and no sentence: three words at most. */
function keyValue(part: string): Field | undefined {
  const match = /^([^:]{1,120}):\s+(\S.*)$/s.exec(part.trim());
  const name = match?.[1]?.trim();
  if (!match || !name || name.length > longestKey || name.split(/\s+/).length > 3) return undefined;
  return { name, value: match[2]!.trim() };
}

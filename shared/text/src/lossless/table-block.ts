// Columns as a block of lines: a heading with the template of each column, then a line a row.
//
//   @1 200 rows {"id":["{1+1}"],"name":"{}","customer":{"city":"{}"},"items":[["sku","count"]]}
//   Ada Byron<TAB>Lisbon<TAB>[["A-1",2],["B-7",1]]
//
// A template by itself is of text, one in brackets of JSON; in double brackets stand the fields of a list's objects,
// whose values the cell holds. In a column that is just `{}`, nothing means that the record lacks the field, and what
// begins with `~` is special: `~n` null, `~e` the empty text, `~"…"` a text in JSON, `~~` a `~`.
import type { Cell, Column, JsonObject } from "./columns.ts";
import { isObject } from "./columns.ts";
import { type CountTokens, inferTemplate } from "./infer-template.ts";
import { cellsOfHoles, fillTemplate, readTemplate, type Template, writeTemplate } from "./template.ts";

type Heading = string | readonly [string] | readonly [readonly string[]];

interface WrittenColumn {
  readonly heading: Heading;
  readonly template: Template;
  readonly rows: readonly (readonly string[])[];
}

const separator = "\t";
const open: Template = { literals: ["", ""], holes: [{ kind: "any" }] };
const isOpen = ({ literals, holes }: Template): boolean =>
  holes.length === 1 && holes[0]?.kind === "any" && literals.every((literal) => literal === "");
const hasCells = (template: Template): boolean => cellsOfHoles(template).length > 0;

/**
 * @param title stands before the heading, with the number of rows.
 * @param writeValue compact JSON of a value.
 */
export function writeTable(
  title: string,
  columns: readonly Column[],
  writeValue: (value: unknown) => string,
  count: CountTokens,
): string {
  const written = columns.map(({ cells }) => writeColumn(cells, writeValue, count));
  const heading = `${title} ${headingOf(columns.map(({ path }, at) => [path, (written[at] as WrittenColumn).heading]))}`;
  if (!written.some(({ template }) => hasCells(template))) return heading;
  const rows = (columns[0] as Column).cells.map((_, row) => written.flatMap(({ rows }) => rows[row] as string[]).join(separator));
  return [heading, ...rows].join("\n");
}

/** Columns of one nested object follow each other, so the heading is written as they come. */
function headingOf(entries: readonly (readonly [path: readonly string[], heading: Heading])[]): string {
  const members: string[] = [];
  for (let at = 0; at < entries.length; ) {
    const [[key = "", ...below], heading] = entries[at] as (typeof entries)[number];
    if (below.length === 0) {
      members.push(`${JSON.stringify(key)}:${JSON.stringify(heading)}`);
      at++;
      continue;
    }
    const end = entries.findIndex(([path], index) => index > at && path[0] !== key);
    const group = entries.slice(at, end === -1 ? entries.length : end);
    members.push(`${JSON.stringify(key)}:${headingOf(group.map(([path, inside]) => [path.slice(1), inside]))}`);
    at += group.length;
  }
  return `{${members.join(",")}}`;
}

function writeColumn(cells: readonly Cell[], writeValue: (value: unknown) => string, count: CountTokens): WrittenColumn {
  const fields = fieldsOfLists(cells);
  if (fields !== undefined) {
    const rows = cells.map((cell) => [
      cell === undefined ? "" : writeValue((cell.value as JsonObject[]).map((entry) => fields.map((field) => entry[field]))),
    ]);
    return { heading: [fields], template: open, rows };
  }
  const isText = cells.every((cell) => cell === undefined || typeof cell.value === "string" || cell.value === null);
  const isWhole = cells.every((cell) => cell !== undefined && (!isText || isPlainText(cell.value)));
  const write = (cell: Cell): string => {
    if (cell === undefined) return "";
    if (!isText) return writeValue(cell.value);
    return isWhole ? (cell.value as string) : writeSpecial(cell.value as string | null);
  };
  const texts = cells.map(write);
  const { template, rows } = isWhole ? inferTemplate(texts, count) : { template: open, rows: texts.map((text) => [text]) };
  const text = writeTemplate(template);
  return { heading: isText ? text : [text], template, rows };
}

/** The fields of lists whose objects all have the same ones; undefined for other columns. */
function fieldsOfLists(cells: readonly Cell[]): string[] | undefined {
  let fields: string[] | undefined;
  for (const cell of cells) {
    if (cell === undefined) continue;
    if (!Array.isArray(cell.value)) return undefined;
    for (const entry of cell.value as unknown[]) {
      if (!isObject(entry)) return undefined;
      fields ??= Object.keys(entry);
      if (Object.keys(entry).length !== fields.length || !fields.every((field) => Object.hasOwn(entry, field))) return undefined;
    }
  }
  return fields?.length ? fields : undefined;
}

/** A line break, a tab or half of a surrogate pair does not survive in a cell. */
const isSafe = (text: string): boolean => !/[\n\r\t]/.test(text) && text.isWellFormed();
const isPlainText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && !value.startsWith("~") && isSafe(value);

function writeSpecial(value: string | null): string {
  if (value === null) return "~n";
  if (value === "") return "~e";
  if (!isSafe(value) || value.startsWith('~"')) return `~${JSON.stringify(value)}`;
  return value.startsWith("~") ? `~${value}` : value;
}

function readSpecial(cell: string): string | null {
  if (!cell.startsWith("~")) return cell;
  if (cell === "~n") return null;
  if (cell === "~e") return "";
  return cell[1] === '"' ? (JSON.parse(cell.slice(1)) as string) : cell.slice(1);
}

interface ReadColumn {
  readonly path: readonly string[];
  readonly heading: Heading;
  readonly template: Template;
}

/**
 * The inverse of `writeTable`.
 * @param heading JSON, without the title. @param take the next line. @param readValue of compact JSON.
 * @throws SyntaxError
 */
export function readTable(heading: string, size: number, take: () => string, readValue: (text: string) => unknown): Column[] {
  const columns = readHeading(JSON.parse(heading), []);
  const hasRows = columns.some(({ template }) => hasCells(template));
  const rows = Array.from({ length: size }, (_, row) => {
    const cells = hasRows ? take().split(separator) : [];
    let at = 0;
    return columns.map((column) =>
      readCell(
        column,
        fillTemplate(column.template, () => cells[at++] ?? "", row),
        readValue,
      ),
    );
  });
  return columns.map(({ path }, at) => ({ path, cells: rows.map((row) => row[at]) }));
}

const readHeading = (heading: Readonly<Record<string, unknown>>, path: readonly string[]): ReadColumn[] =>
  Object.entries(heading).flatMap(([key, entry]) => {
    if (isObject(entry)) return readHeading(entry, [...path, key]);
    const of = entry as Heading;
    const template = typeof of === "string" ? readTemplate(of) : typeof of[0] === "string" ? readTemplate(of[0]) : open;
    return [{ path: [...path, key], heading: of, template }];
  });

function readCell({ heading, template }: ReadColumn, text: string, readValue: (text: string) => unknown): Cell {
  if (isOpen(template) && text === "") return undefined;
  if (typeof heading === "string") return { value: isOpen(template) ? readSpecial(text) : text };
  const value = readValue(text);
  if (typeof heading[0] === "string") return { value };
  const fields = heading[0];
  return { value: (value as unknown[][]).map((entry) => Object.fromEntries(fields.map((field, at) => [field, entry[at]]))) };
}

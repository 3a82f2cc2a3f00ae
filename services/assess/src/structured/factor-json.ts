// Writes a JSON value in fewer characters without losing any of it: lists of alike objects as tables, repeated parts once.

/** The same value, written shorter; `expandJson` gives the original back. */
export interface FactoredJson {
  /** Repeated parts by name; empty when nothing was worth naming. */
  readonly shared: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  /** Whether objects with `tableKey` are tables; false when the data has that key itself. */
  readonly hasTables: boolean;
}

/** Marks a table; data that has this key itself is left without tables. */
export const tableKey = "$table";
/** A part is named only when it is at least this long in JSON, and comes at least twice. */
const shortestPart = 48;
const tableRows = 3;
/** Beyond this nesting, values are left as they are. */
const deepestLevel = 200;

interface Interned {
  readonly value: unknown;
  readonly length: number;
  count: number;
  name: string | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param value parsed JSON; what is nested deeper than some hundred levels is left as it is.
 */
export function factorJson(value: unknown): FactoredJson {
  const { parts, partOf, hasTableKey, strings } = internParts(value);
  const prefix = ["$", "§", "$ref"].find((candidate) => !strings.some((text) => isReference(text, candidate)));
  const shared: Record<string, unknown> = {};
  const sharedParts: Interned[] = [];
  if (prefix !== undefined)
    for (const part of parts)
      if (part.count > 1 && part.length >= shortestPart) {
        part.name = `${prefix}${sharedParts.length + 1}`;
        sharedParts.push(part);
      }
  const write = (node: unknown, level: number, isDefinition: boolean): unknown => {
    if (typeof node !== "object" || node === null || level > deepestLevel) return node;
    const name = isDefinition ? undefined : partOf.get(node)?.name;
    if (name !== undefined) return name;
    if (Array.isArray(node)) {
      const table = hasTableKey ? undefined : tableOf(node, (cell) => write(cell, level + 2, false));
      return table ?? node.map((element) => write(element, level + 1, false));
    }
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, write(field, level + 1, false)]));
  };
  const written = write(value, 0, false);
  for (const part of sharedParts) shared[part.name as string] = write(part.value, 0, true);
  return { shared, value: written, hasTables: !hasTableKey };
}

const isReference = (text: string, prefix: string): boolean => text.startsWith(prefix) && /^\d+$/.test(text.slice(prefix.length));

/** Gives equal parts one identity, bottom up, in time linear in the value. */
function internParts(root: unknown) {
  const known = new Map<string, { part: Interned; id: number }>();
  const partOf = new Map<object, Interned>();
  const parts: Interned[] = [];
  const strings: string[] = [];
  let hasTableKey = false;
  const visit = (node: unknown, level: number): { key: string; length: number } => {
    if (typeof node !== "object" || node === null || level > deepestLevel) {
      const text = level > deepestLevel ? `!${strings.length}:${parts.length}` : (JSON.stringify(node) ?? "null");
      if (typeof node === "string" && node.length < 24) strings.push(node);
      return { key: text, length: text.length };
    }
    let key = Array.isArray(node) ? "[" : "{";
    let length = 2;
    for (const [name, child] of Object.entries(node)) {
      if (name === tableKey) hasTableKey = true;
      const written = visit(child, level + 1);
      key += Array.isArray(node) ? `${written.key},` : `${JSON.stringify(name)}:${written.key},`;
      length += written.length + (Array.isArray(node) ? 1 : name.length + 4);
    }
    const found = known.get(key);
    if (found) {
      found.part.count++;
      partOf.set(node, found.part);
      return { key: `#${found.id}`, length };
    }
    const part: Interned = { value: node, length, count: 1, name: undefined };
    known.set(key, { part, id: parts.length });
    partOf.set(node, part);
    parts.push(part);
    return { key: `#${parts.length - 1}`, length };
  };
  visit(root, 0);
  return { parts, partOf, hasTableKey, strings };
}

/** A list of objects with the same keys as columns and rows, what all rows share written once; undefined for other lists. */
function tableOf(list: readonly unknown[], write: (cell: unknown) => unknown): Record<string, unknown> | undefined {
  const first = list[0];
  if (list.length < tableRows || !isObject(first)) return undefined;
  const keys = Object.keys(first);
  if (keys.length === 0) return undefined;
  for (const row of list)
    if (!isObject(row) || Object.keys(row).length !== keys.length || keys.some((key) => !Object.hasOwn(row, key)))
      return undefined;
  const rows = list as readonly Record<string, unknown>[];
  const constant = keys.filter((key) => isScalar(first[key]) && rows.every((row) => Object.is(row[key], first[key])));
  const columns = keys.filter((key) => !constant.includes(key));
  return {
    [tableKey]: columns,
    ...(constant.length > 0 ? { all: Object.fromEntries(constant.map((key) => [key, first[key]])) } : {}),
    rows: rows.map((row) => columns.map((key) => write(row[key]))),
  };
}

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;

/** The inverse of `factorJson`: what a reader does in their head. */
export function expandJson({ shared, value, hasTables }: FactoredJson): unknown {
  const expand = (node: unknown): unknown => {
    if (typeof node === "string") return Object.hasOwn(shared, node) ? expand(shared[node]) : node;
    if (Array.isArray(node)) return node.map(expand);
    if (!isObject(node)) return node;
    const columns = node[tableKey];
    if (hasTables && Object.hasOwn(node, tableKey) && Array.isArray(columns))
      return (node.rows as unknown[][]).map((row) => ({
        ...(node.all as Record<string, unknown> | undefined),
        ...Object.fromEntries(columns.map((key, at) => [key as string, expand(row[at])])),
      }));
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [key, expand(field)]));
  };
  return expand(value);
}

/**
 * A value without loss, as one line of JSON with a note on how to read it; undefined when it is nested too deep for that.
 * @param opening stands before it, e.g. the tool's name.
 */
export function writeFactored(value: unknown, opening: string): string | undefined {
  if (isDeeperThan(value, deepestLevel)) return undefined;
  const { shared, value: short, hasTables } = factorJson(value);
  const body = JSON.stringify(short);
  const parts = JSON.stringify(shared);
  const first = Object.keys(shared)[0];
  const notes = [
    ...(hasTables && (body.includes(`"${tableKey}"`) || parts.includes(`"${tableKey}"`))
      ? [`${tableKey}: names of the columns of rows, all: what every row has`]
      : []),
    ...(first === undefined ? [] : [`"${first}" stands for the part of that name in ${parts}`]),
  ];
  return `${opening}${notes.length > 0 ? `(${notes.join("; ")}) ` : ""}${body}`;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  let current: unknown[] = [value];
  for (let level = 0; current.length > 0; level++) {
    if (level > levels) return true;
    current = current.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
  return false;
}

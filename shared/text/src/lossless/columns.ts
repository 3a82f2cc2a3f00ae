// A list of alike objects as columns: a field is a column, and so is a field of a nested object.
import { isExactNumber } from "@nocp/contracts/json/exact-numbers.ts";

export type JsonObject = Readonly<Record<string, unknown>>;
/** Absent where the record lacks the field. */
export type Cell = { readonly value: unknown } | undefined;

export interface Column {
  /** The field, below the fields that hold it. */
  readonly path: readonly string[];
  readonly cells: readonly Cell[];
}

const deepestPath = 8;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
const isFilledObject = (value: unknown): value is JsonObject => isObject(value) && Object.keys(value).length > 0;

/** @param records not empty objects. */
export const columnsOf = (records: readonly JsonObject[]): Column[] => columnsBelow(records, []);

function columnsBelow(records: readonly (JsonObject | undefined)[], path: readonly string[]): Column[] {
  return keysOf(records).flatMap((key) => {
    const cells = records.map((record) =>
      record !== undefined && Object.hasOwn(record, key) ? { value: record[key] } : undefined,
    );
    const isNested = path.length < deepestPath && cells.every((cell) => cell === undefined || isFilledObject(cell.value));
    if (isNested)
      return columnsBelow(
        cells.map((cell) => cell?.value as JsonObject | undefined),
        [...path, key],
      );
    return [{ path: [...path, key], cells }];
  });
}

/** In the order in which an object has them: numbers first. The heading is an object. */
const keysOf = (records: readonly (JsonObject | undefined)[]): string[] => {
  const keys = new Set(records.flatMap((record) => (record === undefined ? [] : Object.keys(record))));
  return Object.keys(Object.fromEntries([...keys].map((key) => [key, true])));
};

/** The inverse of `columnsOf`, for one row. `__proto__` is a field like any other. */
export function recordOf(columns: readonly Column[], row: number): JsonObject {
  const root = new Map<string, unknown>();
  for (const { path, cells } of columns) {
    const cell = cells[row];
    if (cell === undefined) continue;
    let node = root;
    for (const key of path.slice(0, -1)) {
      const below = (node.get(key) as Map<string, unknown> | undefined) ?? new Map<string, unknown>();
      node.set(key, below);
      node = below;
    }
    node.set(path.at(-1) as string, new Leaf(cell.value));
  }
  return toObject(root);
}

/** Tells a value from the nodes above it. */
class Leaf {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

const toObject = (node: ReadonlyMap<string, unknown>): JsonObject =>
  Object.fromEntries(
    [...node].map(([key, entry]) => [key, entry instanceof Leaf ? entry.value : toObject(entry as ReadonlyMap<string, unknown>)]),
  );

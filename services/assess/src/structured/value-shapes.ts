// What objects and lists are by their shape: maps whose keys are data, rows that are lists.

export const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The container that a list stands in. */
export interface Surrounding {
  readonly value: object;
  /** Null for a list. */
  readonly keys: readonly string[] | null;
}

/** Smallest map: fewer entries read better as fields. */
const mapEntries = 6;

/** Whether an object is a map: many keys whose values are objects of one shape, so that the keys are data. */
export function isMapOfAlike(record: Record<string, unknown>, keys: readonly string[]): boolean {
  if (keys.length < mapEntries) return false;
  const step = Math.max(1, Math.floor(keys.length / 12));
  const shapes = new Map<string, number>();
  let sampled = 0;
  let fields = 0;
  for (let index = 0; index < keys.length; index += step) {
    const value = record[keys[index] as string];
    if (!isContainer(value) || Array.isArray(value)) return false;
    sampled++;
    for (const key of Object.keys(value).slice(0, 64)) {
      shapes.set(key, (shapes.get(key) ?? 0) + 1);
      fields++;
    }
  }
  let shared = 0;
  for (const count of shapes.values()) if (count >= sampled * 0.4) shared += count;
  return fields > 0 && shared / fields >= 0.5;
}

/** Names for the positions of rows that are lists: from a list of names beside them, or the position itself. */
export function positionNames(list: readonly unknown[], parent: Surrounding | null): string[] | null {
  const first = list[0];
  if (list.length < 2 || !Array.isArray(first) || first.length === 0 || first.length > 256) return null;
  if (!list.slice(0, 16).every((row) => Array.isArray(row) && row.length === first.length)) return null;
  if (first.some((cell) => isContainer(cell))) return null;
  if (parent?.keys)
    for (const key of parent.keys) {
      const names = (parent.value as Record<string, unknown>)[key];
      if (!Array.isArray(names) || names === list || names.length !== first.length) continue;
      const texts = names.map((name) => (isContainer(name) ? (name as Record<string, unknown>).name : name));
      if (texts.every((text) => typeof text === "string")) return texts as string[];
    }
  return first.map((_, index) => String(index + 1));
}

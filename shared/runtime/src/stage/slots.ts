// Things in flight, found again by a number.
//
// Not a Map: a Map that things pass through is rebuilt every few dozen of them, and once it is old each of its former
// tables is old garbage that points at what was in flight then. All that, whole requests with their bodies and spans,
// outlives its time until the next full collection. A slot is emptied in place.

export interface Slots<T> {
  readonly size: number;
  /** @returns the slot's number, free again after `take`. */
  put(value: T): number;
  get(slot: number): T | undefined;
  /** Empties a slot. @returns `undefined` when it is empty already, or there is none. */
  take(slot: number): T | undefined;
  /** Calls back for every value, in no particular order; may take slots meanwhile. */
  forEach(visit: (value: T, slot: number) => void): void;
  find(matches: (value: T) => boolean): T | undefined;
}

export function createSlots<T>(): Slots<T> {
  const values: (T | undefined)[] = [];
  const free: number[] = [];
  return {
    get size() {
      return values.length - free.length;
    },
    put(value) {
      const slot = free.pop() ?? values.length;
      values[slot] = value;
      return slot;
    },
    get: (slot) => values[slot],
    take(slot) {
      const value = values[slot];
      if (value === undefined) return undefined;
      values[slot] = undefined;
      free.push(slot);
      return value;
    },
    forEach(visit) {
      for (const [slot, value] of values.entries()) if (value !== undefined) visit(value, slot);
    },
    find: (matches) => values.find((value) => value !== undefined && matches(value)),
  };
}

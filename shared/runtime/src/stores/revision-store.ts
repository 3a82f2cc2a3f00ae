// The contract of records that several processes change and list: by compare-and-set, and kept until they are removed.

export interface Revised<T> {
  /** Letters, digits, `-`, `_` and dots. */
  readonly key: string;
  readonly value: T;
  /** Changes with every change of the record. */
  readonly revision: number;
}

export interface RevisionStore<T> {
  /** @returns false when there is one with this key. */
  create(key: string, value: T): Promise<boolean>;
  /** @returns the new revision; undefined when somebody else changed or removed it. */
  update(record: Revised<T>): Promise<number | undefined>;
  /** Nothing of it is left. */
  remove(key: string): Promise<void>;
  get(key: string): Promise<Revised<T> | undefined>;
  /** @param filter e.g. `ann.*`; everything when absent. */
  list(filter?: string): Promise<Revised<T>[]>;
}

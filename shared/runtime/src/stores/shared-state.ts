// The contract of small states that all replicas change together: limits of providers, for example.

export interface Change<T, R> {
  /** What takes the place of the state; absent when it stays as it is. */
  readonly next?: T;
  readonly result: R;
}

export interface SharedState<T> {
  /**
   * Changes the state under a key by compare-and-set. `change` may run several times, and must have no effects of its own.
   * While the broker does not answer, a copy of this process alone is changed.
   * @throws of a durable state when the broker does not answer; what became of the change is unknown then.
   */
  change<R>(key: string, change: (current: T | undefined) => Change<T, R>): Promise<R>;
  get(key: string): Promise<T | undefined>;
  /** All states, for a person to look at. @throws when the broker does not answer. */
  entries(): Promise<ReadonlyMap<string, T>>;
}

/** Of one process: for tests, and for as long as nothing better answers. */
export function createLocalState<T>(states = new Map<string, T>()): SharedState<T> {
  return {
    async change(key, change) {
      const { next, result } = change(states.get(key));
      if (next !== undefined) states.set(key, next);
      return result;
    },
    get: async (key) => states.get(key),
    entries: async () => new Map(states),
  };
}

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
   */
  change<R>(key: string, change: (current: T | undefined) => Change<T, R>): Promise<R>;
  get(key: string): Promise<T | undefined>;
}

/** Of one process: for tests, and for as long as nothing better answers. */
export function createLocalState<T>(): SharedState<T> {
  const states = new Map<string, T>();
  return {
    async change(key, change) {
      const { next, result } = change(states.get(key));
      if (next !== undefined) states.set(key, next);
      return result;
    },
    get: async (key) => states.get(key),
  };
}

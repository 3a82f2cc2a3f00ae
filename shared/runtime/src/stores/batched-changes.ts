// Changes of one key that come while another is on its way to the store are made together: a process competes for a state only
// with other processes, not with itself.
import type { Change } from "./shared-state.ts";

type AnyChange<T> = (current: T | undefined) => Change<T, unknown>;

interface Pending<T> {
  readonly change: AnyChange<T>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Applies one change to the stored state; see `SharedState.change`. */
type Apply<T> = <R>(key: string, change: (current: T | undefined) => Change<T, R>) => Promise<R>;

/** @returns `apply`, with one change of a key on its way at a time, and those that wait behind it as the next one. */
export function createBatchedChanges<T>(apply: Apply<T>): Apply<T> {
  const waiting = new Map<string, Pending<T>[]>();
  const run = async (key: string): Promise<void> => {
    for (let batch = waiting.get(key) ?? []; batch.length > 0; batch = waiting.get(key) ?? []) {
      waiting.set(key, []);
      try {
        const results = await apply(key, (current) => allOf(batch, current));
        batch.forEach(({ resolve }, index) => {
          resolve(results[index]);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    waiting.delete(key);
  };
  return <R>(key: string, change: (current: T | undefined) => Change<T, R>): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const pending: Pending<T> = { change, resolve: (result) => resolve(result as R), reject };
      const behind = waiting.get(key);
      if (behind) return void behind.push(pending);
      waiting.set(key, [pending]);
      void run(key);
    });
}

/** The changes one after the other. */
function allOf<T>(batch: readonly Pending<T>[], current: T | undefined): Change<T, readonly unknown[]> {
  let state = current;
  let isChanged = false;
  const results = batch.map(({ change }) => {
    const { next, result } = change(state);
    if (next !== undefined) {
      state = next;
      isChanged = true;
    }
    return result;
  });
  return isChanged && state !== undefined ? { next: state, result: results } : { result: results };
}

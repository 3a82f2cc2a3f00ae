// Deletes transactions past their retention, in small steps, so that writing never waits for long.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TransactionStore } from "./transaction-store.ts";

const rowsAStep = 500;

/** Deletes everything from before a time (milliseconds since the epoch), giving way between steps. @returns rows deleted. */
export async function deleteExpired(
  store: Pick<TransactionStore, "deleteBefore">,
  before: number,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const step = store.deleteBefore(before, rowsAStep);
    deleted += step;
    if (step === 0) break;
    await nextTurn();
  }
  return deleted;
}

export interface RetentionDependencies {
  readonly store: Pick<TransactionStore, "deleteBefore">;
  readonly retentionDays: number;
  readonly intervalMs: number;
  readonly now: () => number;
  /** Told of each run: how many rows went, or why it failed. The next run tries again. */
  readonly onRun: (outcome: { readonly deleted: number } | { readonly error: unknown }) => void;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Deletes now and then every `intervalMs`, until the returned function is called and its promise settles. */
export function startRetention({ store, retentionDays, intervalMs, now, onRun }: RetentionDependencies): () => Promise<void> {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const run = () => {
    running = running.then(async () => {
      try {
        onRun({ deleted: await deleteExpired(store, now() - retentionDays * dayMs, stopping.signal) });
      } catch (error) {
        onRun({ error });
      }
    });
  };
  const timer = setInterval(run, intervalMs);
  run();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}

// Fixed concurrency or fixed rate over any asynchronous operation.
import { type Distribution, distributionOf } from "./percentiles.ts";

export interface LoadOptions {
  /** As many; with `durationMs`, at the most. */
  readonly requests: number;
  /** Closed loop: no operation starts after this time. */
  readonly durationMs?: number;
  /** Operations before the measured ones, not counted. */
  readonly warmUp: number;
  /** Closed loop: this many at a time. */
  readonly concurrency: number;
  /** Open loop: this many a second, however many are under way; latencies then count from the planned start. */
  readonly ratePerSecond?: number;
  readonly operation: (index: number) => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWarmUpProgress?: (done: number, total: number) => void;
}

/** One measured stretch of load. */
export interface LoadRun {
  readonly elapsedMs: number;
  /** Of every operation that succeeded. */
  readonly latenciesMs: readonly number[];
  readonly errors: Readonly<Record<string, number>>;
}

export interface LoadOutcome {
  readonly requestsPerSecond: number;
  readonly elapsedMs: number;
  readonly latencyMs: Distribution;
  readonly errors: Readonly<Record<string, number>>;
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? ("code" in error && typeof error.code === "string" ? error.code : error.name) : String(error);

/** Several runs as one: operations over their summed time, all latencies together. */
export function outcomeOf(runs: readonly LoadRun[]): LoadOutcome {
  const elapsedMs = runs.reduce((sum, run) => sum + run.elapsedMs, 0);
  const latenciesMs = runs.flatMap((run) => run.latenciesMs);
  const errors: Record<string, number> = {};
  for (const run of runs) for (const [code, count] of Object.entries(run.errors)) errors[code] = (errors[code] ?? 0) + count;
  return {
    requestsPerSecond: (latenciesMs.length * 1000) / elapsedMs,
    elapsedMs,
    latencyMs: distributionOf(latenciesMs),
    errors,
  };
}

export async function runLoad(options: LoadOptions): Promise<LoadRun> {
  if (options.warmUp > 0) await pass({ ...options, requests: options.warmUp, warmUp: 0 }, options.onWarmUpProgress ?? (() => {}));
  return pass(options, options.onProgress ?? (() => {}));
}

async function pass(options: LoadOptions, onProgress: (done: number, total: number) => void): Promise<LoadRun> {
  const { requests, durationMs = Number.POSITIVE_INFINITY, operation, ratePerSecond } = options;
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  let next = 0;
  const measure = async (index: number, plannedAt: number) => {
    try {
      await operation(index);
      latencies.push(performance.now() - plannedAt);
    } catch (error) {
      const code = codeOf(error);
      errors[code] = (errors[code] ?? 0) + 1;
    }
    onProgress(++done, requests);
  };
  let done = 0;
  const startedAt = performance.now();
  if (ratePerSecond !== undefined) {
    const running: Promise<void>[] = [];
    for (; next < requests; next++) {
      const plannedAt = startedAt + (next * 1000) / ratePerSecond;
      const waitMs = plannedAt - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      running.push(measure(next, plannedAt));
    }
    await Promise.all(running);
  } else {
    const worker = async () => {
      while (next < requests && performance.now() - startedAt < durationMs) await measure(next++, performance.now());
    };
    await Promise.all(Array.from({ length: Math.min(options.concurrency, requests) }, worker));
  }
  const elapsedMs = performance.now() - startedAt;
  return { elapsedMs, latenciesMs: latencies, errors };
}

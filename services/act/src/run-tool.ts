// One tool call from its arguments to its output: cache, attempts, backoff, size limit.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { backoffMs, retry } from "@nocp/contracts/retry.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { ResultCache } from "./result-cache.ts";
import { runAttempt } from "./run-attempt.ts";
import type { StrayErrors } from "./stray-errors.ts";
import type { RunInChild, Tool, ToolSettings } from "./tool.ts";
import { mayRetry, readableOf } from "./tool-failure.ts";
import type { ToolOutput } from "./tool-output.ts";

export interface ToolRunLimits {
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly maxResultBytes: number;
}

export interface ToolRunDependencies {
  readonly limits: ToolRunLimits;
  readonly cache: ResultCache;
  readonly strayErrors: StrayErrors;
  readonly runInChild: RunInChild;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after that many milliseconds; rejects when the signal fires. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** A call that may be run. */
export interface CheckedCall {
  readonly tool: Tool;
  /** As the tool's schema made it of the arguments. */
  readonly input: unknown;
  /** The same for every run of the same call. */
  readonly callKey: string;
  /** Under which its result may be kept; absent when it may not. */
  readonly cacheKey: string | undefined;
  /** Values of the section that the tool declares. */
  readonly settings: ToolSettings;
}

/** What of the request a call must know. */
export interface ToolScope {
  readonly signal: AbortSignal;
  readonly archive: ArchiveReader;
  /** Milliseconds since the epoch: no attempt runs past it. */
  readonly toolsDeadlineAt: number;
  readonly now: () => number;
  /** Of the call's span. */
  readonly traceparent: string | undefined;
}

export interface ToolRun {
  readonly output: ToolOutput;
  readonly attempts: number;
  readonly cached: boolean;
}

/** A failure, and the attempt it was. */
export interface FailedToolRun {
  readonly thrown: unknown;
  readonly attempts: number;
}

/** @throws the signal's reason when the request ends; every other error is returned as `thrown`. */
export async function runTool(
  { tool, input, callKey, cacheKey, settings }: CheckedCall,
  scope: ToolScope,
  { limits, cache, strayErrors, runInChild, random, sleep }: ToolRunDependencies,
): Promise<ToolRun | FailedToolRun> {
  const kept = cacheKey === undefined ? undefined : cache.get(cacheKey, scope.now());
  if (kept) return { output: kept, attempts: 1, cached: true };
  const runOnce = async (attempt: number): Promise<ToolRun> => {
    const timeoutMs = Math.min(tool.timeoutMs, Math.floor(scope.toolsDeadlineAt - scope.now()));
    if (timeoutMs < 1) {
      throw new NocpError("TOOL_TIMEOUT", `${tool.name} could not start: the request's time for tools has run out`);
    }
    const { maxResultBytes } = limits;
    const { archive, now, traceparent } = scope;
    const context = { settings, timeoutMs, maxResultBytes, attempt, callKey, archive, traceparent, now, runInChild };
    const output = await runAttempt(tool, input, context, scope.signal, strayErrors);
    if (cacheKey !== undefined) cache.put(cacheKey, output, scope.now() + tool.cacheTtlMs);
    return { output, attempts: attempt, cached: false };
  };
  let failed: FailedToolRun | undefined;
  const delayAfter = (caught: unknown, attempt: number): number => {
    const thrown = readableOf(caught);
    failed = { thrown, attempts: attempt };
    const askedMs = thrown instanceof NocpError ? (thrown.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(askedMs, backoffMs(attempt, { baseMs: limits.retryBaseMs, maxMs: limits.retryMaxMs }, random()));
    if (scope.signal.aborted || scope.now() + delayMs >= scope.toolsDeadlineAt || !mayRetry(tool, thrown, attempt)) throw caught;
    return delayMs;
  };
  return retry(runOnce, delayAfter, (delayMs) => sleep(delayMs, scope.signal)).catch((error: unknown) => {
    scope.signal.throwIfAborted();
    if (failed === undefined) throw error;
    return failed;
  });
}

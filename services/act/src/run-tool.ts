// One tool call from its arguments to its output: cache, attempts, backoff, size limit.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { ResultCache } from "./result-cache.ts";
import { type RetryLimits, retryDelayMs } from "./retry-delay.ts";
import { runAttempt } from "./run-attempt.ts";
import type { StrayErrors } from "./stray-errors.ts";
import type { Tool, ToolSettings } from "./tool.ts";
import { mayRetry, readableOf } from "./tool-failure.ts";
import type { ToolOutput } from "./tool-output.ts";

export interface ToolRunLimits extends RetryLimits {
  readonly maxResultBytes: number;
}

export interface ToolRunDependencies {
  readonly limits: ToolRunLimits;
  readonly cache: ResultCache;
  readonly strayErrors: StrayErrors;
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
  { limits, cache, strayErrors, random, sleep }: ToolRunDependencies,
): Promise<ToolRun | FailedToolRun> {
  const kept = cacheKey === undefined ? undefined : cache.get(cacheKey, scope.now());
  if (kept) return { output: kept, attempts: 1, cached: true };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const timeoutMs = Math.min(tool.timeoutMs, Math.floor(scope.toolsDeadlineAt - scope.now()));
      if (timeoutMs < 1) {
        throw new NocpError("TOOL_TIMEOUT", `${tool.name} could not start: the request's time for tools is used up`);
      }
      const { maxResultBytes } = limits;
      const { archive, now } = scope;
      const context = { settings, timeoutMs, maxResultBytes, attempt, callKey, archive, now };
      const output = await runAttempt(tool, input, context, scope.signal, strayErrors);
      if (cacheKey !== undefined) cache.put(cacheKey, output, scope.now() + tool.cacheTtlMs);
      return { output, attempts: attempt, cached: false };
    } catch (caught) {
      scope.signal.throwIfAborted();
      const thrown = readableOf(caught);
      const delayMs = retryDelayMs(attempt, thrown, limits, random());
      const inTime = scope.now() + delayMs < scope.toolsDeadlineAt;
      if (!inTime || !mayRetry(tool, thrown, attempt)) return { thrown, attempts: attempt };
      await sleep(delayMs, scope.signal);
    }
  }
}

// The calls of one request in parallel, each to a tool result; a call that fails does not harm the others.

import type { ToolResult } from "@nocp/contracts/messages.ts";
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { isSpanContextValid, type SpanContext, SpanStatusCode } from "@opentelemetry/api";
import type { LimitFunction } from "p-limit";
import { createResultAllowance } from "./result-allowance.ts";
import { cacheKeyOf } from "./result-cache.ts";
import {
  type CheckedCall,
  type FailedToolRun,
  runTool,
  type ToolRun,
  type ToolRunDependencies,
  type ToolScope,
} from "./run-tool.ts";
import { failureOf, readableOf } from "./tool-failure.ts";
import { parseArguments, type ToolRegistry } from "./tool-registry.ts";

export interface RunToolsDependencies extends ToolRunDependencies {
  readonly registry: ToolRegistry;
  /** Shared by all requests of the process. */
  readonly limit: LimitFunction;
  /** Share of the time until the deadline that tools may use. */
  readonly deadlineShare: number;
  /** Of all results of a request's tools, and of all that its model asks for. */
  readonly maxTotalResultBytes: number;
}

/**
 * @param archive of the request that the calls belong to.
 * @param earlierBytes of results that share the limit on all together.
 * @throws the context signal's reason when the request ends; never because of a tool.
 */
export type RunTools = (
  calls: readonly ToolRequest[],
  step: number,
  context: HandlerContext,
  archive: ArchiveReader,
  earlierBytes: number,
) => Promise<readonly ToolResult[]>;

export function createRunTools(dependencies: RunToolsDependencies): RunTools {
  const { registry, limit, deadlineShare, maxTotalResultBytes, strayErrors } = dependencies;

  const check = (call: ToolRequest, callKey: string): CheckedCall => {
    const tool = registry.find(call.name);
    const input = parseArguments(tool, call.arguments);
    const cacheKey = tool.idempotent && tool.cacheTtlMs > 0 ? cacheKeyOf(tool.name, call.arguments) : undefined;
    return { tool, input, callKey, cacheKey, settings: registry.settingsOf(tool) };
  };

  const runCall = async (
    call: ToolRequest,
    callKey: string,
    scope: RequestScope,
    context: HandlerContext,
  ): Promise<ToolResult> => {
    const startedAt = scope.now();
    const elapsedMs = (): number => Math.max(0, scope.now() - startedAt);
    let checked: CheckedCall;
    try {
      checked = check(call, callKey);
    } catch (thrown) {
      return toolResultOf(call, { thrown: readableOf(thrown), attempts: 1 }, elapsedMs());
    }
    const { tool } = checked;
    const attributes = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool.name,
      "gen_ai.tool.call.id": call.id,
    };
    return limit(() =>
      context.span(`execute_tool ${tool.name}`, attributes, async (span) => {
        const run = await runTool(checked, { ...scope, traceparent: traceparentOf(span.spanContext()) }, dependencies);
        const result = toolResultOf(call, run, elapsedMs());
        span.setAttributes({
          "nocp.tool.bytes": result.bytes,
          "nocp.tool.attempts": result.attempts,
          "nocp.tool.cached": result.cached,
        });
        if (result.error) {
          // The code alone: a tool's message may hold content.
          span.setAttribute("error.type", result.error.code);
          span.setStatus({ code: SpanStatusCode.ERROR, message: result.error.code });
        }
        return result;
      }),
    );
  };

  return async (calls, step, context, archive, earlierBytes) => {
    const { now, signal } = context;
    const toolsDeadlineAt = now() + (context.deadlineAt - now()) * deadlineShare;
    const disownedArchive: ArchiveReader = {
      get: (reference) => strayErrors.disown(() => archive.get(reference)),
      list: () => strayErrors.disown(() => archive.list()),
    };
    const scope: RequestScope = { signal, archive: disownedArchive, now, toolsDeadlineAt };
    const allowance = createResultAllowance(maxTotalResultBytes, earlierBytes);
    await Promise.all(
      calls.map(async (call, position) =>
        allowance.put(position, await runCall(call, `${context.requestId}/${step}/${call.id}`, scope, context)),
      ),
    );
    return allowance.results;
  };
}

/** What the calls of a request have in common. */
type RequestScope = Omit<ToolScope, "traceparent">;

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparentOf = (span: SpanContext): string | undefined =>
  isSpanContextValid(span) ? `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}` : undefined;

function toolResultOf(call: ToolRequest, run: ToolRun | FailedToolRun, elapsedMs: number): ToolResult {
  const named = { id: call.id, name: call.name.slice(0, 128), elapsedMs, attempts: run.attempts };
  return "output" in run
    ? { ...named, status: "succeeded", data: run.output.data, bytes: run.output.bytes, cached: run.cached }
    : { ...named, status: "failed", error: failureOf(run.thrown), bytes: 0, cached: false };
}

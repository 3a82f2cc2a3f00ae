// The calls of one request in parallel, each to a tool result; a call that fails does not harm the others.
import type { ArchiveReader } from "@nocp/shared/archive/archive-store.ts";
import type { ToolResult } from "@nocp/shared/contracts/messages.ts";
import type { ToolRequest } from "@nocp/shared/contracts/prompt.ts";
import type { HandlerContext } from "@nocp/shared/messaging/handler.ts";
import { SpanStatusCode } from "@opentelemetry/api";
import type { LimitFunction } from "p-limit";
import { type FailedToolRun, runTool, type ToolRun, type ToolRunDependencies, type ToolScope } from "./run-tool.ts";
import type { Tool } from "./tool.ts";
import { failureOf } from "./tool-failure.ts";
import { parseArguments, type ToolRegistry } from "./tool-registry.ts";

export interface RunToolsDependencies extends ToolRunDependencies {
  readonly registry: ToolRegistry;
  /** Shared by all requests of the process. */
  readonly limit: LimitFunction;
  /** Share of the time until the deadline that tools may use. */
  readonly deadlineShare: number;
}

/**
 * @param archive of the request that the calls belong to.
 * @throws the context signal's reason when the request ends; never because of a tool.
 */
export type RunTools = (
  calls: readonly ToolRequest[],
  step: number,
  context: HandlerContext,
  archive: ArchiveReader,
) => Promise<ToolResult[]>;

export function createRunTools(dependencies: RunToolsDependencies): RunTools {
  const { registry, limit, deadlineShare } = dependencies;

  const runCall = async (call: ToolRequest, callKey: string, scope: ToolScope, context: HandlerContext): Promise<ToolResult> => {
    const startedAt = scope.now();
    const elapsedMs = (): number => Math.max(0, scope.now() - startedAt);
    let tool: Tool;
    let input: unknown;
    try {
      tool = registry.find(call.name);
      input = parseArguments(tool, call.arguments);
    } catch (thrown) {
      return toolResultOf(call, { thrown, attempts: 1 }, elapsedMs());
    }
    const attributes = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool.name,
      "gen_ai.tool.call.id": call.id,
    };
    return limit(() =>
      context.span(`execute_tool ${tool.name}`, attributes, async (span) => {
        const run = await runTool(tool, input, registry.settingsOf(tool), callKey, scope, dependencies);
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

  return (calls, step, context, archive) => {
    const { now, signal } = context;
    const toolsDeadlineAt = now() + (context.deadlineAt - now()) * deadlineShare;
    const scope: ToolScope = { signal, archive, now, toolsDeadlineAt };
    return Promise.all(calls.map((call) => runCall(call, `${context.requestId}/${step}/${call.id}`, scope, context)));
  };
}

function toolResultOf(call: ToolRequest, run: ToolRun | FailedToolRun, elapsedMs: number): ToolResult {
  const named = { id: call.id, name: call.name.slice(0, 128), elapsedMs, attempts: run.attempts };
  return "output" in run
    ? { ...named, status: "succeeded", data: run.output.data, bytes: run.output.bytes, cached: run.cached }
    : { ...named, status: "failed", error: failureOf(run.thrown), bytes: 0, cached: false };
}

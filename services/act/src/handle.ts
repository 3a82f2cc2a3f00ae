// act: runs the tools that a request names, and those that a model asked for.

import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { listSome } from "@nocp/contracts/errors/schema-problems.ts";
import { provesKey } from "@nocp/contracts/key-proof.ts";
import type { FactBody, ToolResult } from "@nocp/contracts/messages.ts";
import type { OfferedTool, ToolRequest } from "@nocp/contracts/prompt.ts";
import { loadedNames, loadTool, loadToolName } from "@nocp/contracts/tool-loading.ts";
import type { Emission, Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { archiveScopeOf } from "@nocp/runtime/stores/archive/archive-scope.ts";
import { type ArchiveStore, createArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { withCallIds } from "./call-ids.ts";
import type { RunTools } from "./run-tools.ts";
import { failureOf } from "./tool-failure.ts";
import type { ToolRegistry } from "./tool-registry.ts";

export interface ActDependencies {
  readonly registry: ToolRegistry;
  readonly runTools: RunTools;
  readonly archive: Pick<ArchiveStore, "get" | "list">;
  /** Calls that run of those that a model asks for at once; the others are answered with an error. */
  readonly maxCallsPerRound: number;
  /** Whether a request may say who is billed (`key`): only where nobody but a gateway can submit. */
  readonly acceptKeys: boolean;
  /** Shared with the gateways. */
  readonly keySecret: string;
}

/** A tool that fails never fails the request: it leaves a failed tool result and a warning. */
export function createHandler({
  registry,
  runTools,
  archive,
  maxCallsPerRound,
  acceptKeys,
  keySecret,
}: ActDependencies): Handle<"act"> {
  const archiveOf = (request: Parameters<typeof archiveScopeOf>[0], { requestId }: HandlerContext) =>
    createArchiveReader(archive, archiveScopeOf(request, requestId));

  const submitted = (
    request: FactBody<"request.submitted">,
    context: HandlerContext,
    toolResults: readonly ToolResult[],
  ): Emission<"act"> => {
    const { offeredTools, warnings } = offer(request.offerTools, registry);
    if (holdsToolsBack(request)) offeredTools.unshift(loadTool());
    const { requestId, lane, submittedAt, deadlineAt } = context;
    warnings.push(...toolResults.flatMap(warningOf));
    const body = {
      requestId,
      lane,
      submittedAt,
      deadlineAt,
      request,
      step: 0,
      toolResults: [...toolResults],
      offeredTools,
      warnings,
    };
    return { fact: "tools.completed", body };
  };

  const answerRequested = async (body: FactBody<"tools.requested">, context: HandlerContext): Promise<Emission<"act">[]> => {
    const { pending, ending, ...carried } = body;
    const offered = new Set(carried.offeredTools.map(({ name }) => name));
    const wanted = pending.requests.filter(({ name }) => offered.has(name) && name !== loadToolName);
    const run = wanted.slice(0, maxCallsPerRound);
    const ran = await runTools(
      run,
      carried.step,
      context,
      archiveOf(carried.request, context),
      sumOfBytes(carried.toolRounds.flatMap(({ results }) => results)),
    );
    const inOrder = ran.values();
    // By position, because nothing keeps a model from giving two calls the same id.
    const results = pending.requests.flatMap((call) =>
      call.name === loadToolName && offered.has(call.name)
        ? loadingOf(call, carried)
        : offered.has(call.name)
          ? (inOrder.next().value ?? tooManyCalls(call, maxCallsPerRound))
          : refusalOf(call, offered),
    );
    const round = { ...pending, results, ...(ending ? { isShared: true } : {}) };
    const toolRounds = [...carried.toolRounds, round];
    const warnings = [...carried.warnings, ...results.flatMap(warningOf)];
    if (ending) return [endedBy(ending, { ...carried, toolRounds, warnings }, results)];
    return [{ fact: "tools.completed", body: { ...carried, toolRounds, warnings } }];
  };

  return (message, context) => {
    if (message.fact === "tools.requested") return answerRequested(message.body, context);
    const request = message.body;
    if (request.key !== undefined && !acceptKeys && !provesKey(keySecret, context.tenant, request.key, request.keyProof)) {
      throw new NocpError("INVALID_REQUEST", "key: only a gateway may set it, and act.acceptKeys is off");
    }
    if (request.tools.length === 0) return Promise.resolve([submitted(request, context, [])]);
    return runTools(withCallIds(request.tools), 0, context, archiveOf(request, context), 0).then((results) => [
      submitted(request, context, results),
    ]);
  };
}

/** The caller has calls of its own to run: the request ends here, and the model is asked again in the caller's next one. */
function endedBy(
  ending: NonNullable<FactBody<"tools.requested">["ending"]>,
  { toolResults: _results, offeredTools: _offered, step: _step, ...carried }: FactBody<"tools.completed">,
  results: readonly ToolResult[],
): Emission<"act"> {
  const toolSummaries = [...ending.toolSummaries, ...results.map(({ data: _data, cache: _cache, ...summary }) => summary)];
  return { fact: "completion.received", body: { ...carried, ...ending, toolSummaries } };
}

const sumOfBytes = (results: readonly ToolResult[]): number => results.reduce((sum, { bytes }) => sum + bytes, 0);

function offer(names: readonly string[], registry: ToolRegistry): { offeredTools: OfferedTool[]; warnings: Warning[] } {
  const offered = new Map<string, OfferedTool>();
  const warnings: Warning[] = [];
  for (const name of new Set(names)) {
    try {
      for (const tool of registry.offerAll(name)) offered.set(tool.name, tool);
    } catch (error) {
      const { code, message } = failureOf(error);
      warnings.push({ code, message: `offerTools: ${message}` });
    }
  }
  return { offeredTools: [...offered.values()], warnings };
}

/** Whether assess may leave tools out of the prompt: then it needs a tool that brings them back. */
const holdsToolsBack = ({ compression: { mode, toolDefinitions }, callerTools }: FactBody<"request.submitted">): boolean =>
  mode !== "off" && toolDefinitions === "selected" && !callerTools.some(({ name }) => name === loadToolName);

/** The next prompt has the tools: here the model is only told which of them there are. */
function loadingOf(call: ToolRequest, { offeredTools, request }: FactBody<"tools.completed">): ToolResult {
  const known = new Set([...offeredTools, ...request.callerTools].map(({ name }) => name));
  const asked = loadedNames(call);
  const unknown = asked.filter((name) => !known.has(name));
  const result = { id: call.id, name: call.name, elapsedMs: 0, attempts: 1, cached: false };
  if (asked.length === 0 || unknown.length === asked.length) {
    const problem = asked.length === 0 ? "names must be a list of names of tools" : `there is no tool ${listSome(unknown)}`;
    return {
      ...result,
      status: "failed",
      error: failureOf(new NocpError("INVALID_ARGUMENTS", `${loadToolName}: ${problem}`)),
      bytes: 0,
    };
  }
  const data = { available: asked.filter((name) => known.has(name)), ...(unknown.length === 0 ? {} : { unknown }) };
  return { ...result, status: "succeeded", data, bytes: Buffer.byteLength(JSON.stringify(data)) };
}

/** A model runs only what the request offers it: text in the context may talk it into asking for more. */
function refusalOf({ id, name }: ToolRequest, offered: ReadonlySet<string>): ToolResult {
  const shown = name.slice(0, 128);
  const listed = offered.size === 0 ? "it offers none" : `it offers ${listSome([...offered])}`;
  const error = failureOf(
    new NocpError("UNKNOWN_TOOL", `the request does not offer a tool named ${JSON.stringify(shown)}; ${listed}`, {
      advice: "Name the tool in offerTools of the request.",
    }),
  );
  return { id, name: shown, status: "failed", error, bytes: 0, elapsedMs: 0, attempts: 1, cached: false };
}

function tooManyCalls({ id, name }: ToolRequest, maxCallsPerRound: number): ToolResult {
  const error = failureOf(
    new NocpError("TOO_MANY_TOOL_CALLS", `only the first ${maxCallsPerRound} calls of a round run; this one did not`, {
      advice: "Ask for fewer at once, or raise act.maxCallsPerRound.",
    }),
  );
  return { id, name, status: "failed", error, bytes: 0, elapsedMs: 0, attempts: 1, cached: false };
}

const warningOf = ({ id, name, error }: ToolResult): Warning[] =>
  error ? [{ code: error.code, message: `${name} (${id}): ${error.message}` }] : [];

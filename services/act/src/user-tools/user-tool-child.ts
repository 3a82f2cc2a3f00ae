// Entry of the child processes in which users' tools are loaded and run. Argument: the folder of the tools.
import { loadPlugin } from "@nocp/contracts/plugins/load-plugins.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { adoptTool, argumentsJsonSchema } from "../adopt-tool.ts";
import { sentErrorOf } from "../process/child-messages.ts";
import { type CallContext, serveParent } from "../process/serve-parent.ts";
import { provideImports } from "../provide-imports.ts";
import type { BuiltInToolContext, Tool, ToolContext } from "../tool.ts";
import { failureOf, mayRetry, readableOf } from "../tool-failure.ts";
import { toToolOutput } from "../tool-output.ts";
import { isObject, parseArguments } from "../tool-registry.ts";
import type { DescribedTool, UserToolAnswer, UserToolCall } from "./user-tool.ts";

const [, , folder = ""] = process.argv;
provideImports(folder);

const loaded = new Map<string, Promise<Tool>>();

/** A file's tool, imported once in a process. @throws NocpError INVALID_PLUGIN. */
function toolAt(path: string): Promise<Tool> {
  const known = loaded.get(path);
  if (known) return known;
  const loading = loadPlugin(path, isObject, "tool").then(({ plugin }) => adoptTool(plugin, path));
  loaded.set(path, loading);
  return loading;
}

async function describe(path: string): Promise<DescribedTool> {
  const tool = await toolAt(path);
  const { name, description, example, timeoutMs, idempotent, maxAttempts, cacheTtlMs, settings } = tool;
  const declared = { name, description, example, timeoutMs, idempotent, maxAttempts, cacheTtlMs };
  // As JSON: a tool's example may hold what cannot be copied to another process.
  const parameters = argumentsJsonSchema(tool);
  return JSON.parse(JSON.stringify({ ...declared, parameters, declaresSettings: settings !== undefined })) as DescribedTool;
}

async function run({ path, input, ...call }: UserToolCall, { signal, ask }: CallContext): Promise<UserToolAnswer> {
  const tool = await toolAt(path);
  const parsed = parseArguments(tool, input);
  const archive = {
    get: (reference: string) => ask("archive.get", reference),
    list: () => ask("archive.list", undefined),
  } as ArchiveReader;
  const context: ToolContext = { ...call, settings: {}, signal, archive, now: Date.now };
  try {
    // Only NOCP's own tools are given more.
    const returned = await tool.run(parsed, context as BuiltInToolContext);
    signal.throwIfAborted();
    return JSON.stringify(toToolOutput(returned, call.maxResultBytes).data);
  } catch (thrown) {
    // Judged here, where the error is as it was thrown; the parent counts the attempts.
    judgements.set(
      Object(thrown) as object,
      mayRetry({ ...tool, idempotent: true, maxAttempts: Number.POSITIVE_INFINITY }, readableOf(thrown), 1),
    );
    throw thrown;
  }
}

const judgements = new WeakMap<object, boolean>();

serveParent(
  { describe, run },
  {
    describeError: (thrown) => {
      const readable = readableOf(thrown);
      const { message } = failureOf(readable);
      return sentErrorOf(readable, message, judgements.get(Object(thrown) as object));
    },
  },
);

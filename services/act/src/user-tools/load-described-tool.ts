// A user's tool as act sees it: described once, and run in a process of its own.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { z } from "zod";
import { ChildError } from "../process/child-messages.ts";
import type { ChildPool } from "../process/child-pool.ts";
import type { Tool, ToolContext } from "../tool.ts";
import { receivedOutput } from "../tool-output.ts";
import type { DescribedTool, UserToolCall } from "./user-tool.ts";

/** A tool that takes longer to import would hold up every process that runs it. */
const loadTimeoutMs = 10_000;

/** @throws NocpError INVALID_PLUGIN for a file that is no good, also for one that does not let go of the process. */
export async function loadDescribedTool(path: string, pool: ChildPool, timeoutMs: number = loadTimeoutMs): Promise<Tool> {
  const described = await describe(path, pool, timeoutMs);
  if (described.declaresSettings) {
    throw new NocpError("INVALID_PLUGIN", `${path} declares settings: only built-in tools have a section`);
  }
  const { name, description, example, idempotent, maxAttempts, cacheTtlMs, parameters } = described;
  return {
    ...{ name, description, example, timeoutMs: described.timeoutMs, idempotent, maxAttempts, cacheTtlMs, parameters },
    // What the tool's own schema says of them is said in its process.
    arguments: z.looseObject({}) as z.ZodType<unknown>,
    retryable: (error) =>
      error instanceof ChildError && error.mayRetry !== undefined
        ? error.mayRetry
        : !(error instanceof NocpError) || error.disposition === "retry",
    run: async (input, context) => {
      const call: UserToolCall = { path, input, ...callOf(context) };
      const answer = await pool.run({
        work: "run",
        input: call,
        signal: context.signal,
        label: name,
        serve: (question, value) => answerOf(context, question, value),
      });
      return receivedOutput(answer, context.maxResultBytes);
    },
  };
}

async function describe(path: string, pool: ChildPool, timeoutMs: number): Promise<DescribedTool> {
  const onTimeout = () => new NocpError("INVALID_PLUGIN", `the tool ${path} did not load in ${timeoutMs / 1000} s`);
  try {
    const limit = { timeoutMs, onTimeout };
    return (await withTimeLimit(
      (signal) => pool.run({ work: "describe", input: path, signal, label: path }),
      limit,
    )) as DescribedTool;
  } catch (error) {
    if (error instanceof NocpError && error.code === "INVALID_PLUGIN") throw error;
    throw new NocpError("INVALID_PLUGIN", `cannot load the tool ${path}: ${(error as Error).message}`, { cause: error });
  }
}

const callOf = ({ timeoutMs, maxResultBytes, attempt, callKey, traceparent }: ToolContext) => ({
  ...{ timeoutMs, maxResultBytes, attempt, callKey },
  ...(traceparent === undefined ? {} : { traceparent }),
});

/** What the tool asks of the archive that it was given. */
function answerOf({ archive }: ToolContext, question: string, value: unknown): Promise<unknown> {
  if (question === "archive.get") return archive.get(String(value));
  if (question === "archive.list") return archive.list();
  throw new NocpError("TOOL_FAILED", `there is nothing to ask named ${JSON.stringify(question)}`);
}

// One attempt of a tool, bounded in time whether or not the tool cooperates.
import { abortable, startTimer } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RunningCode, StrayErrors } from "./stray-errors.ts";
import type { BuiltInToolContext, Tool } from "./tool.ts";
import { type ToolOutput, toToolOutput } from "./tool-output.ts";

/**
 * Settles at the latest when the time is up or `requestSignal` fires; a tool that ignores its signal is abandoned.
 * What it cannot stop is a loop that never yields: users' tools, and what callers can make last for ever in NOCP's own,
 * run in child processes (see process/child-pool.ts).
 * @throws NocpError TOOL_TIMEOUT, the signal's reason, what the tool or one of its callbacks threw, or what is wrong with
 *   its output.
 */
export async function runAttempt(
  tool: Tool,
  input: unknown,
  context: Omit<BuiltInToolContext, "signal">,
  requestSignal: AbortSignal,
  strayErrors: StrayErrors,
): Promise<ToolOutput> {
  requestSignal.throwIfAborted();
  const attempt = new AbortController();
  let over = false;
  const stop = (reason: unknown): void => {
    over = true;
    strayErrors.attribute(code, () => attempt.abort(reason));
  };
  const code: RunningCode = {
    toolName: tool.name,
    fail: (thrown) => {
      if (over) return false;
      // An abort without a reason would make one of its own.
      stop(thrown ?? new NocpError("TOOL_FAILED", `the tool threw ${thrown}`));
      return true;
    },
  };
  const onRequestEnd = (): void => stop(requestSignal.reason);
  const timer = startTimer(
    () => stop(new NocpError("TOOL_TIMEOUT", `${tool.name} did not finish in ${context.timeoutMs} ms`)),
    context.timeoutMs,
  );
  requestSignal.addEventListener("abort", onRequestEnd, { once: true });
  try {
    const run = async (): Promise<ToolOutput> => {
      const returned = await tool.run(input, { ...context, signal: attempt.signal });
      // Nobody waits for it any more, and copying it would cost.
      attempt.signal.throwIfAborted();
      return toToolOutput(returned, context.maxResultBytes);
    };
    return await abortable(() => strayErrors.attribute(code, run), attempt.signal);
  } finally {
    over = true;
    clearTimeout(timer);
    requestSignal.removeEventListener("abort", onRequestEnd);
  }
}

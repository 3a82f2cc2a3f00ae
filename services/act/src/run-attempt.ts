// One attempt of a tool, bounded in time whether or not the tool cooperates.
import { NocpError } from "@nocp/shared/errors/nocp-error.ts";
import type { Tool, ToolContext } from "./tool.ts";

/**
 * Settles at the latest when the time is up or `requestSignal` fires; a tool that ignores its signal is abandoned.
 * What it cannot stop is a loop that never yields: tools share the process, so a tool that computes for long belongs
 * into a child process (see process/run-in-child.ts).
 * @throws NocpError TOOL_TIMEOUT, the signal's reason, or what the tool threw.
 */
export async function runAttempt(
  tool: Tool,
  input: unknown,
  context: Omit<ToolContext, "signal">,
  requestSignal: AbortSignal,
): Promise<unknown> {
  requestSignal.throwIfAborted();
  const attempt = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    // Rejecting before aborting makes this reason win over the tool's own AbortError.
    reject(reason);
    attempt.abort(reason);
  };
  const onRequestEnd = (): void => stop(requestSignal.reason);
  const timer = setTimeout(
    () => stop(new NocpError("TOOL_TIMEOUT", `${tool.name} did not finish in ${context.timeoutMs} ms`)),
    context.timeoutMs,
  );
  requestSignal.addEventListener("abort", onRequestEnd, { once: true });
  try {
    const running = Promise.resolve().then(() => tool.run(input, { ...context, signal: attempt.signal }));
    return await Promise.race([running, stopped]);
  } finally {
    clearTimeout(timer);
    requestSignal.removeEventListener("abort", onRequestEnd);
  }
}

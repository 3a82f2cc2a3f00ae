// Work that may never end, in a process of its own that can be killed.
//
// A worker thread would be cheaper and does not do: terminating one waits for native code to return, so a thread inside
// an endless SQLite query runs on, and keeps the process from exiting.
import { spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export type ChildAnswer<Answer> = { readonly answer: Answer } | { readonly error: { code: ErrorCode; message: string } };

const childHeapMiB = 256;

/**
 * Runs a module that ends in `answerParent`, and returns its answer.
 * The child inherits no environment but the compile cache, where this process has one. Should this process be killed, the child ends by its own limit of processor time.
 * @param input whatever structured cloning can copy.
 * @param timeoutMs bounds the child's processor time; the caller's signal bounds its wall time.
 * @throws NocpError as the child reports it, TOOL_FAILED when it dies without an answer, or the signal's reason.
 */
export function runInChild<Answer>(module: URL, input: unknown, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const cacheFolder = getCompileCacheDir();
  const cpuSeconds = String(Math.ceil(timeoutMs / 1000) + 1);
  const command = [process.execPath, `--max-old-space-size=${childHeapMiB}`, fileURLToPath(module)];
  const child = spawn("/bin/sh", ["-c", 'ulimit -t "$0"; exec "$@"', cpuSeconds, ...command], {
    env: cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: cacheFolder },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  child.once("message", (message) => {
    const received = message as ChildAnswer<Answer>;
    if ("answer" in received) resolve(received.answer);
    else reject(new NocpError(received.error.code, received.error.message));
  });
  child.once("error", (cause) => reject(new NocpError("TOOL_FAILED", "a child process could not be started", { cause })));
  child.once("exit", (code, killedBy) => {
    reject(new NocpError("TOOL_FAILED", `the child process exited without an answer (${killedBy ?? `exit code ${code}`})`));
  });
  child.send(input as object, (error) => {
    if (error) reject(new NocpError("TOOL_FAILED", "the child process could not be reached", { cause: error }));
  });
  return promise.finally(() => {
    signal.removeEventListener("abort", onAbort);
    child.kill("SIGKILL");
  });
}

// A child process that does one call at a time, and is killed when a call does not end.
//
//   starting → idle → busy → idle …      an answer came
//   busy → leaving → idle                the call was given up, and ended in time all the same
//   idle → leaving                       it is no longer wanted, and was killed
//   starting, busy, leaving → gone       it ended
import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { ChildError, type ChildMessage, type ParentMessage, sentErrorOf } from "./child-messages.ts";
import { type MemoryWatch, watchMemory } from "./memory-watch.ts";
import type { OrphanGuard } from "./orphan-guard.ts";

export interface ChildPlan {
  /** A module that calls `serveParent`. */
  readonly entry: URL;
  readonly args: readonly string[];
  /** All that the child knows of the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Most memory that it may have, in MiB. */
  readonly memoryMiB: number;
  /** Called with what it writes. @param label of the call that it is at work on. */
  readonly onLine: (line: string, label: string | undefined) => void;
}

export interface ChildCall {
  readonly work: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
  /** For log lines. */
  readonly label: string;
  /** Does what the child asks for. @throws what the child is told. */
  readonly serve?: (name: string, input: unknown) => Promise<unknown>;
}

export type ChildState = "starting" | "idle" | "busy" | "leaving" | "gone";

export interface PooledChild {
  readonly state: ChildState;
  /** Why it is gone. */
  readonly death: NocpError | undefined;
  /** Only while it is idle. @throws NocpError as the child reports it or died of it, or the signal's reason. */
  run(call: ChildCall): Promise<unknown>;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

/** How long a call may still end by itself after it was given up. */
const leaveMs = 250;
/** A process that has more than this share of its memory after a call is replaced. */
const wornShare = 0.7;
const maxLinesPerCall = 100;
const maxLineCharacters = 1000;
/** For code that V8 compiles, stacks and buffers; the rest may be objects. */
const besideHeapMiB = 64;

interface RunningCall extends ChildCall {
  readonly id: number;
  readonly answered: PromiseWithResolvers<unknown>;
  lines: number;
}

/** @param onChange called after every change of state. */
export function startChild(plan: ChildPlan, guard: OrphanGuard, onChange: () => void): PooledChild {
  const child = spawnChild(plan);
  let state: ChildState = "starting";
  let running: RunningCall | undefined;
  let lastId = 0;
  let isRetired = false;
  let killer: NodeJS.Timeout | undefined;
  let lastError = "";
  let death: NocpError | undefined;
  const gone = Promise.withResolvers<void>();
  const { pid } = child;
  if (pid !== undefined) guard.add(pid);
  const memory: MemoryWatch = watchMemory(pid, plan.memoryMiB, () => child.kill("SIGKILL"));

  const become = (next: ChildState): void => {
    if (state === "gone") return;
    state = next;
    onChange();
  };
  const send = (message: ParentMessage): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  /** From here on nobody gives it a call. */
  const kill = (): void => {
    if (state !== "leaving") become("leaving");
    child.kill("SIGKILL");
  };

  const settle = (end: (call: RunningCall) => void): void => {
    const call = running;
    running = undefined;
    clearTimeout(killer);
    memory.stop();
    if (call) end(call);
    if (isRetired || memory.usedShare() > wornShare) kill();
    else become("idle");
  };
  const onMessage = (message: ChildMessage): void => {
    if (message.type === "ready") {
      if (state === "starting") become("idle");
    } else if (message.type === "retire") {
      isRetired = true;
      if (state === "idle") kill();
    } else if (message.id !== running?.id) {
      return;
    } else if (message.type === "ask") {
      void serve(running, message.name, message.input).then((reply) =>
        send({ type: "reply", question: message.question, ...reply }),
      );
    } else {
      settle(({ answered }) =>
        message.error ? answered.reject(new ChildError(message.error)) : answered.resolve(message.answer),
      );
    }
  };
  const onExit = (reason: string): void => {
    if (state === "gone") return;
    const call = running;
    running = undefined;
    clearTimeout(killer);
    memory.stop();
    if (pid !== undefined) guard.remove(pid);
    const isOfMemory = memory.wasExceeded() || /out of memory|allocation failed/i.test(lastError);
    death = deathOf(reason, isOfMemory, plan.memoryMiB);
    call?.answered.reject(death);
    become("gone");
    gone.resolve();
  };
  child.on("message", onMessage);
  child.once("error", (error) => onExit(`it could not be started: ${error.message}`));
  child.once("exit", (code, signal) => onExit(signal ?? `exit code ${code}`));
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      if (stream === child.stderr && /out of memory|allocation failed/i.test(line)) lastError = line;
      if (running) running.lines += 1;
      if (line.trim() !== "" && (running?.lines ?? 0) <= maxLinesPerCall) {
        plan.onLine(line.slice(0, maxLineCharacters), running?.label);
      }
    });
  }

  return {
    get state() {
      return state;
    },
    get death() {
      return death;
    },
    async run(call) {
      call.signal.throwIfAborted();
      lastId += 1;
      const own: RunningCall = { ...call, id: lastId, answered: Promise.withResolvers(), lines: 0 };
      running = own;
      become("busy");
      memory.start();
      send({ type: "call", id: own.id, work: call.work, input: call.input });
      const onAbort = (): void => {
        const { reason } = call.signal;
        own.answered.reject(reason);
        if (running !== own) return;
        send({ type: "abort", id: own.id, reason: sentErrorOf(reason, coerceError(reason).message) });
        killer = setTimeout(kill, leaveMs);
        become("leaving");
      };
      call.signal.addEventListener("abort", onAbort, { once: true });
      return own.answered.promise.finally(() => call.signal.removeEventListener("abort", onAbort));
    },
    kill: () => {
      kill();
      return gone.promise;
    },
  };
}

async function serve({ serve: answer }: RunningCall, name: string, input: unknown) {
  try {
    if (!answer) throw new NocpError("TOOL_FAILED", `the parent does not answer ${name}`);
    return { answer: await answer(name, input) };
  } catch (error) {
    return { error: sentErrorOf(error, coerceError(error).message) };
  }
}

/** Foreign code may write a core file of all it has in memory when it dies: none is wanted. */
function spawnChild({ entry, args, environment, memoryMiB }: ChildPlan): ChildProcess {
  const cacheFolder = getCompileCacheDir();
  const heapMiB = Math.max(besideHeapMiB, memoryMiB - besideHeapMiB);
  const command = [process.execPath, `--max-old-space-size=${heapMiB}`, "--max-semi-space-size=8", fileURLToPath(entry), ...args];
  return spawn("/bin/sh", ["-c", 'ulimit -c 0; exec "$0" "$@"', ...command], {
    env: { ...environment, ...(cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: cacheFolder }) },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

function deathOf(reason: string, isOfMemory: boolean, memoryMiB: number): NocpError {
  return isOfMemory
    ? new NocpError("TOOL_OUT_OF_MEMORY", `the tool took more than its limit of ${memoryMiB} MiB of memory`)
    : new NocpError("TOOL_FAILED", `the tool's process ended without an answer (${reason})`);
}

// A child process that does one call at a time, and is killed when a call does not end.
//
//   starting → idle → busy → idle …      an answer came
//   busy → leaving → idle                the call was given up, and ended in time all the same
//   idle → leaving                       it is no longer wanted, and was killed
//   starting, busy, leaving → gone       it ended
import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { ChildError, type ChildMessage, type ParentMessage, sentErrorOf } from "./child-messages.ts";
import { type MemoryWatch, mostProcesses, watchMemory } from "./memory-watch.ts";
import type { OrphanGuard } from "./orphan-guard.ts";
import { readLines } from "./output-lines.ts";
import { killGroup } from "./process-tree.ts";

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
/** For what it wrote last to arrive: others may have its pipes open, and keep them. */
const pipesCloseMs = 1000;
/** For code that V8 compiles, stacks and buffers; the rest may be objects. */
const besideHeapMiB = 64;

interface RunningCall extends ChildCall {
  readonly id: number;
  readonly answered: PromiseWithResolvers<unknown>;
}

/** @param onChange called after every change of state. */
export function startChild(plan: ChildPlan, guard: OrphanGuard, onChange: () => void): PooledChild {
  const child = new Child(plan, guard, onChange);
  return {
    get state() {
      return child.state;
    },
    get death() {
      return child.death;
    },
    run: (call) => child.run(call),
    kill: () => {
      child.kill();
      return child.gone;
    },
  };
}

class Child {
  state: ChildState = "starting";
  death: NocpError | undefined;
  readonly #gone = Promise.withResolvers<void>();
  readonly #plan: ChildPlan;
  readonly #guard: OrphanGuard;
  readonly #onChange: () => void;
  readonly #process: ChildProcess;
  readonly #memory: MemoryWatch;
  #running: RunningCall | undefined;
  #lastId = 0;
  /** That it wrote since its last call began. */
  #lines = 0;
  #isRetired = false;
  #killer: NodeJS.Timeout | undefined;
  /** What it wrote last of its memory. */
  #memoryError = "";

  constructor(plan: ChildPlan, guard: OrphanGuard, onChange: () => void) {
    this.#plan = plan;
    this.#guard = guard;
    this.#onChange = onChange;
    const child = spawnChild(plan);
    this.#process = child;
    if (child.pid !== undefined) guard.add(child.pid);
    this.#memory = watchMemory({ pid: child.pid, limitMiB: plan.memoryMiB, countsDescendants: true }, () => this.#killAll());
    child.on("message", (message: ChildMessage) => this.#onMessage(message));
    child.once("error", (error) => this.#onExit(`it could not be started: ${error.message}`));
    child.once("exit", (code, signal) => this.#onExit(signal ?? `exit code ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      const onLine = (line: string): void => this.#onLine(line, stream === child.stderr);
      if (stream) readLines(stream, { onLine, isWanted: () => this.#lines <= maxLinesPerCall });
    }
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  async run(call: ChildCall): Promise<unknown> {
    call.signal.throwIfAborted();
    this.#lastId += 1;
    const own: RunningCall = { ...call, id: this.#lastId, answered: Promise.withResolvers() };
    this.#lines = 0;
    this.#running = own;
    this.#become("busy");
    this.#memory.start();
    this.#send({ type: "call", id: own.id, work: call.work, input: call.input });
    const onAbort = (): void => this.#giveUp(own);
    call.signal.addEventListener("abort", onAbort, { once: true });
    return own.answered.promise.finally(() => call.signal.removeEventListener("abort", onAbort));
  }

  /** From here on nobody gives it a call. */
  kill(): void {
    if (this.state !== "leaving") this.#become("leaving");
    this.#killAll();
  }

  /** With what it started, but for programs that made groups of their own. */
  #killAll(): void {
    if (this.#process.pid !== undefined) killGroup(this.#process.pid);
  }

  /** Its caller waits no longer; it may still end the call by itself. */
  #giveUp(call: RunningCall): void {
    const { reason } = call.signal;
    call.answered.reject(reason);
    if (this.#running !== call) return;
    this.#send({ type: "abort", id: call.id, reason: sentErrorOf(reason, coerceError(reason).message) });
    this.#killer = setTimeout(() => this.kill(), leaveMs);
    this.#become("leaving");
  }

  #become(next: ChildState): void {
    if (this.state === "gone") return;
    this.state = next;
    this.#onChange();
  }

  #send(message: ParentMessage): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #onMessage(message: ChildMessage): void {
    if (message.type === "ready") {
      if (this.state === "starting") this.#become("idle");
    } else if (message.type === "retire") {
      this.#isRetired = true;
      if (this.state === "idle") this.kill();
    } else if (message.id !== this.#running?.id) {
      return;
    } else if (message.type === "ask") {
      void serve(this.#running, message.name, message.input).then((reply) =>
        this.#send({ type: "reply", question: message.question, ...reply }),
      );
    } else {
      const call = this.#endCall();
      if (message.error) call?.answered.reject(new ChildError(message.error));
      else call?.answered.resolve(message.answer);
      if (this.#isRetired || this.#memory.usedShare() > wornShare) this.kill();
      else this.#become("idle");
    }
  }

  /** @returns the call that it was at work on. */
  #endCall(): RunningCall | undefined {
    const call = this.#running;
    this.#running = undefined;
    clearTimeout(this.#killer);
    this.#memory.stop();
    return call;
  }

  #onExit(reason: string): void {
    if (this.state === "gone") return;
    const call = this.#endCall();
    this.#killAll();
    if (this.#process.pid !== undefined) this.#guard.remove(this.#process.pid);
    const { stdout, stderr } = this.#process;
    setTimeout(() => [stdout, stderr].map((stream) => stream?.destroy()), pipesCloseMs).unref();
    const exceeded = this.#memory.exceeded() ?? (isOutOfMemory(this.#memoryError) ? "memory" : undefined);
    this.death = deathOf(reason, exceeded, this.#plan.memoryMiB);
    call?.answered.reject(this.death);
    this.#become("gone");
    this.#gone.resolve();
  }

  #onLine(line: string, isError: boolean): void {
    const call = this.#running;
    if (isError && isOutOfMemory(line)) this.#memoryError = line;
    this.#lines += 1;
    if (line.trim() !== "" && this.#lines <= maxLinesPerCall) this.#plan.onLine(line, call?.label);
  }
}

/** As V8 and C libraries say it. */
const isOutOfMemory = (line: string): boolean => /out of memory|allocation failed/i.test(line);

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
    // A group of its own, which ends with it.
    detached: true,
  });
}

function deathOf(reason: string, exceeded: "memory" | "processes" | undefined, memoryMiB: number): NocpError {
  if (exceeded === "memory")
    return new NocpError("TOOL_OUT_OF_MEMORY", `the tool took more than its limit of ${memoryMiB} MiB of memory`);
  if (exceeded === "processes") return new NocpError("TOOL_FAILED", `the tool had more than ${mostProcesses} processes`);
  return new NocpError("TOOL_FAILED", `the tool's process ended without an answer (${reason})`);
}

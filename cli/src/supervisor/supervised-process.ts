// A child process that is brought back when it dies, until it is told to stop.
//
//   running → waiting → running      it died; started again after a delay that grows
//   running → waiting              replace(): killed because it does not answer; started again like one that died
//   running → stopping → stopped     stop(): SIGTERM, and SIGKILL when that does not help in time
//   waiting → stopped                stop() while it was down
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { deathsInARow, defaultRestartPolicy, type RestartPolicy, restartDelayMs } from "./restart-delay.ts";

export type ProcessState = "running" | "waiting" | "stopping" | "stopped";

export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ranMs: number;
  /** In a row, this one included. */
  readonly deaths: number;
  readonly restartInMs: number;
  /** For a process that was killed because it did not answer: for how long. */
  readonly silentMs?: number;
}

export interface ProcessPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with every line the process writes. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Called when it died without being told to. */
  readonly onDeath?: (exit: ProcessExit) => void;
  /** Called with the new process id after every start. */
  readonly onStart?: (pid: number) => void;
  readonly policy?: RestartPolicy;
  /** How long stop() waits before it kills, in milliseconds. */
  readonly stopTimeoutMs?: number;
}

export interface SupervisedProcess {
  readonly name: string;
  readonly state: ProcessState;
  /** `undefined` while it is down. */
  readonly pid: number | undefined;
  /** Starts after the first. */
  readonly restarts: number;
  /** Sends a signal to the process; one that dies of it is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Ends a process that does not answer with SIGKILL; it is started again like one that died. */
  replace(silentMs: number): void;
  /** Stops it and starts it again at once; resolves when the new process was started. */
  restart(): Promise<void>;
  /** Ends it for good. May be called more than once. */
  stop(): Promise<void>;
}

/** Longer than the grace period that a service has by default. */
const defaultStopTimeoutMs = 30_000;

export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  const supervision = new Supervision(plan);
  supervision.start();
  return {
    name: plan.name,
    get state() {
      return supervision.state;
    },
    get pid() {
      return supervision.child?.pid;
    },
    get restarts() {
      return supervision.starts - 1;
    },
    kill: (signal) => void supervision.child?.kill(signal),
    replace: (silentMs) => supervision.replace(silentMs),
    restart: () => supervision.restart(),
    stop: () => supervision.stop(),
  };
}

/** The lives of a process, one after the other. */
class Supervision {
  state: ProcessState = "running";
  child: ChildProcess | undefined;
  starts = 0;
  readonly #plan: ProcessPlan;
  readonly #policy: RestartPolicy;
  #deaths = 0;
  #pause: NodeJS.Timeout | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Set by restart(): the next death is wanted, and the process comes back without a delay. */
  #isRestartWanted = false;
  /** Set by replace(): why the next death comes. */
  #silentMs: number | undefined;

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
    this.#policy = plan.policy ?? defaultRestartPolicy;
  }

  start(): void {
    const startedAt = performance.now();
    this.state = "running";
    this.starts += 1;
    const started = spawnGroup(this.#plan);
    this.child = started;
    this.#exited = new Promise((resolve) => {
      const onEnd = (exitCode: number | null, signal: NodeJS.Signals | null) => {
        if (this.child !== started) return;
        this.child = undefined;
        this.#afterExit(exitCode, signal, performance.now() - startedAt);
        resolve();
      };
      started.once("error", (error) => {
        this.#plan.onLine?.(error.message, "stderr");
        onEnd(null, null);
      });
      started.once("exit", onEnd);
    });
    if (started.pid !== undefined) this.#plan.onStart?.(started.pid);
  }

  #afterExit(exitCode: number | null, signal: NodeJS.Signals | null, ranMs: number): void {
    if (this.state === "stopping") {
      this.state = "stopped";
      return;
    }
    if (this.#isRestartWanted) {
      this.#isRestartWanted = false;
      this.start();
      return;
    }
    const deaths = deathsInARow(this.#deaths, ranMs, this.#policy);
    const restartInMs = restartDelayMs(deaths, this.#policy);
    const silentMs = this.#silentMs;
    this.#deaths = deaths;
    this.#silentMs = undefined;
    this.state = "waiting";
    this.#pause = setTimeout(() => this.start(), restartInMs);
    this.#plan.onDeath?.({ exitCode, signal, ranMs, deaths, restartInMs, ...(silentMs === undefined ? {} : { silentMs }) });
  }

  replace(silentMs: number): void {
    if (this.state !== "running") return;
    this.#silentMs = silentMs;
    this.child?.kill("SIGKILL");
  }

  async restart(): Promise<void> {
    if (this.state !== "running") return;
    this.#isRestartWanted = true;
    await this.#terminate();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#pause);
    if (this.state === "waiting") this.state = "stopped";
    if (this.state === "running") this.state = "stopping";
    if (this.state === "stopping") await this.#terminate();
  }

  /** SIGTERM, then SIGKILL of this process when it is still there after the time. */
  async #terminate(): Promise<void> {
    const ending = this.child;
    const ended = this.#exited;
    ending?.kill("SIGTERM");
    const killer = setTimeout(() => ending?.kill("SIGKILL"), this.#plan.stopTimeoutMs ?? defaultStopTimeoutMs);
    await ended;
    clearTimeout(killer);
  }
}

/** A process group of its own: Ctrl-C on the terminal reaches the supervisor alone, which stops things in order. */
function spawnGroup({ program, args, folder, environment, onLine }: ProcessPlan): ChildProcess {
  const started = spawn(program, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of ["stdout", "stderr"] as const) {
    createInterface({ input: started[stream] }).on("line", (line) => onLine?.(line, stream));
  }
  return started;
}

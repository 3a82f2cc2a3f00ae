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
  const policy = plan.policy ?? defaultRestartPolicy;
  let state: ProcessState = "running";
  let child: ChildProcess | undefined;
  let deaths = 0;
  let starts = 0;
  let pause: NodeJS.Timeout | undefined;
  let exited: Promise<void> = Promise.resolve();
  /** Set by restart(): the next death is wanted, and the process comes back without a delay. */
  let isRestartWanted = false;
  /** Set by replace(): why the next death comes. */
  let silentMs: number | undefined;

  function start(): void {
    const startedAt = performance.now();
    state = "running";
    starts += 1;
    // A process group of its own: Ctrl-C on the terminal reaches the supervisor alone, which stops things in order.
    const started = spawn(plan.program, plan.args, {
      cwd: plan.folder,
      env: plan.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child = started;
    for (const stream of ["stdout", "stderr"] as const) {
      createInterface({ input: started[stream] }).on("line", (line) => plan.onLine?.(line, stream));
    }
    exited = new Promise((resolve) => {
      const onEnd = (exitCode: number | null, signal: NodeJS.Signals | null) => {
        if (child !== started) return;
        child = undefined;
        afterExit(exitCode, signal, performance.now() - startedAt);
        resolve();
      };
      started.once("error", (error) => {
        plan.onLine?.(error.message, "stderr");
        onEnd(null, null);
      });
      started.once("exit", onEnd);
    });
    if (started.pid !== undefined) plan.onStart?.(started.pid);
  }

  function afterExit(exitCode: number | null, signal: NodeJS.Signals | null, ranMs: number): void {
    if (state === "stopping") {
      state = "stopped";
      return;
    }
    if (isRestartWanted) {
      isRestartWanted = false;
      start();
      return;
    }
    deaths = deathsInARow(deaths, ranMs, policy);
    const restartInMs = restartDelayMs(deaths, policy);
    state = "waiting";
    pause = setTimeout(start, restartInMs);
    plan.onDeath?.({ exitCode, signal, ranMs, deaths, restartInMs, ...(silentMs === undefined ? {} : { silentMs }) });
    silentMs = undefined;
  }

  /** SIGTERM, then SIGKILL of this process when it is still there after the time. */
  async function terminate(): Promise<void> {
    const ending = child;
    const ended = exited;
    ending?.kill("SIGTERM");
    const killer = setTimeout(() => ending?.kill("SIGKILL"), plan.stopTimeoutMs ?? defaultStopTimeoutMs);
    await ended;
    clearTimeout(killer);
  }

  start();
  return {
    name: plan.name,
    get state() {
      return state;
    },
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return starts - 1;
    },
    kill: (signal) => void child?.kill(signal),
    replace: (silence) => {
      if (state !== "running") return;
      silentMs = silence;
      child?.kill("SIGKILL");
    },
    restart: async () => {
      if (state !== "running") return;
      isRestartWanted = true;
      await terminate();
    },
    stop: async () => {
      clearTimeout(pause);
      if (state === "waiting") state = "stopped";
      if (state === "running") state = "stopping";
      if (state === "stopping") await terminate();
    },
  };
}

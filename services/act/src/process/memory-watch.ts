// How much another process takes, with the processes that it started: memory, and how many they are. V8 limits its heap
// itself; buffers and other programs are outside it.
import { readFileSync } from "node:fs";
import { descendantsOf } from "./process-tree.ts";

export interface MemoryWatch {
  start(): void;
  stop(): void;
  /** What it had more of than it may. */
  exceeded(): "memory" | "processes" | undefined;
  /** Of the limits, now: the larger share; 0 where the system does not tell. */
  usedShare(): number;
}

/** Programs that a tool's process may have running at once: builds and browsers have tens of them. */
export const mostProcesses = 128;
const everyMs = 50;
/** Looking for other processes takes longer than looking at one. */
const looksPerTreeLook = 5;
const MiB = 1024 * 1024;

export interface WatchedProcess {
  readonly pid: number | undefined;
  readonly limitMiB: number;
  /** Whether the processes that it started are within the limit too, and are counted. */
  readonly countsDescendants: boolean;
}

/** Looks while it is started. Where there is no /proc, it sees nothing. @param onExceeded called once. */
export function watchMemory({ pid, limitMiB, countsDescendants }: WatchedProcess, onExceeded: () => void): MemoryWatch {
  let timer: NodeJS.Timeout | undefined;
  let exceeded: "memory" | "processes" | undefined;
  let looks = 0;
  const shares = (others: readonly number[]) => ({
    memory: (residentBytes(pid) + others.reduce((sum, other) => sum + ownBytes(other), 0)) / (limitMiB * MiB),
    processes: others.length / mostProcesses,
  });
  const descendants = (): number[] => (countsDescendants && pid !== undefined ? descendantsOf(pid) : []);
  const look = (): void => {
    if (exceeded) return;
    looks += 1;
    const { memory, processes } = shares(looks % looksPerTreeLook === 0 ? descendants() : []);
    if (memory <= 1 && processes <= 1) return;
    exceeded = processes > 1 ? "processes" : "memory";
    onExceeded();
  };
  return {
    start: () => {
      clearInterval(timer);
      timer = setInterval(look, everyMs).unref();
    },
    stop: () => clearInterval(timer),
    exceeded: () => exceeded,
    usedShare() {
      const { memory, processes } = shares(descendants());
      return Math.max(memory, processes);
    },
  };
}

const residentBytes = (pid: number | undefined): number => statusBytes(pid, /^VmRSS:\s*(\d+) kB/m);
/** Without the files that programs share. */
const ownBytes = (pid: number): number => statusBytes(pid, /^RssAnon:\s*(\d+) kB/m);

function statusBytes(pid: number | undefined, line: RegExp): number {
  try {
    const [, kibibytes = "0"] = line.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

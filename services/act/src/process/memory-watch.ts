// How much memory another process has. V8 limits its heap itself; buffers are outside it.
import { readFileSync } from "node:fs";

export interface MemoryWatch {
  start(): void;
  stop(): void;
  /** Whether it had more than the limit. */
  wasExceeded(): boolean;
  /** Of the limit, now; 0 where the system does not tell. */
  usedShare(): number;
}

const everyMs = 50;
const MiB = 1024 * 1024;

/** Looks while it is started. Where there is no /proc, it sees nothing. @param onExceeded called once. */
export function watchMemory(pid: number | undefined, limitMiB: number, onExceeded: () => void): MemoryWatch {
  let timer: NodeJS.Timeout | undefined;
  let isExceeded = false;
  const usedShare = (): number => residentBytes(pid) / (limitMiB * MiB);
  const look = (): void => {
    if (isExceeded || usedShare() <= 1) return;
    isExceeded = true;
    onExceeded();
  };
  return {
    start: () => {
      clearInterval(timer);
      timer = setInterval(look, everyMs).unref();
    },
    stop: () => clearInterval(timer),
    wasExceeded: () => isExceeded,
    usedShare,
  };
}

function residentBytes(pid: number | undefined): number {
  try {
    const [, kibibytes = "0"] = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

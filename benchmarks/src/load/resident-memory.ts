// How much memory a process holds.
import { readFileSync } from "node:fs";

/** Resident bytes as the kernel counts them; Linux alone says so. */
export const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;

// What a process holds on to: memory, open files and sockets, and what its event loop waits for.
import { readdirSync, readlinkSync } from "node:fs";
import { residentBytes } from "./resident-memory.ts";

export interface ProcessResources {
  readonly residentBytes: number;
  /** Objects of V8 that are in use, and those that are garbage already. */
  readonly heapBytes: number;
  /** Open files of any kind, sockets among them. */
  readonly files: number;
  readonly sockets: number;
  /** Timers, sockets and the like that Node.js waits for. */
  readonly handles: number;
}

/** @param httpUrl where the process's /metrics is. Linux alone tells of open files. */
export async function readProcessResources(pid: number, httpUrl: string): Promise<ProcessResources> {
  const metrics = await (await fetch(`${httpUrl}/metrics`)).text();
  const targets = readdirSync(`/proc/${pid}/fd`).map((name) => targetOf(`/proc/${pid}/fd/${name}`));
  return {
    residentBytes: residentBytes(pid),
    heapBytes: gaugeIn(metrics, "nodejs_heap_size_used_bytes"),
    files: targets.length,
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
    handles: gaugeIn(metrics, "nodejs_active_handles_total"),
  };
}

/** A file that was closed since it was listed is nothing. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function gaugeIn(metrics: string, name: string): number {
  const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(metrics)?.[1];
  if (value === undefined) throw new Error(`the metrics have no ${name}`);
  return Number(value);
}

/**
 * What a process needs over a while: the most resident memory, and the least of the rest. Node.js gives memory back to the system
 * in big steps minutes apart, so the least of it says more about when one looked.
 */
export const needOf = (looks: readonly ProcessResources[]): ProcessResources => ({
  residentBytes: Math.max(...looks.map((look) => look.residentBytes)),
  heapBytes: Math.min(...looks.map((look) => look.heapBytes)),
  files: Math.min(...looks.map((look) => look.files)),
  sockets: Math.min(...looks.map((look) => look.sockets)),
  handles: Math.min(...looks.map((look) => look.handles)),
});

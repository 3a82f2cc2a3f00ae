// The processor time of processes, alone or with all that they have started, as Linux counts it.
import { readdirSync, readFileSync } from "node:fs";

/** Of /proc: a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

interface ProcessTime {
  readonly parent: number;
  readonly milliseconds: number;
}

/** @returns milliseconds since they started; undefined where there is no /proc. */
export function processorMsOfTrees(roots: readonly number[]): number | undefined {
  const processes = readProcesses();
  if (!processes) return undefined;
  const isBelow = (id: number): boolean => {
    for (let at = id; at > 1; at = processes.get(at)?.parent ?? 0) if (roots.includes(at)) return true;
    return false;
  };
  return [...processes].reduce((sum, [id, { milliseconds }]) => (isBelow(id) ? sum + milliseconds : sum), 0);
}

/** @returns milliseconds since they started, without what they have started; 0 where there is no /proc. */
export const processorMsOf = (processIds: readonly number[]): number =>
  processIds.reduce((sum, id) => sum + (readProcess(String(id))?.[0][1].milliseconds ?? 0), 0);

function readProcesses(): Map<number, ProcessTime> | undefined {
  try {
    const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return new Map(ids.flatMap((id) => readProcess(id) ?? []));
  } catch {
    return undefined;
  }
}

function readProcess(id: string): [[number, ProcessTime]] | undefined {
  try {
    return [[Number(id), parseStat(readFileSync(`/proc/${id}/stat`, "utf8"))]];
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** Fields 4, 14 and 15 of proc(5); the name before them may hold anything. */
export function parseStat(text: string): ProcessTime {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), milliseconds: (Number(fields[11]) + Number(fields[12])) * tickMs };
}

// Ends the processes of an `up` that was killed before it could stop them.
import { existsSync, readFileSync } from "node:fs";
import type { RunTool } from "../setup/run-tool.ts";
import { isAlive, type RunState } from "./run-state.ts";

const waitMs = 5000;
const pollMs = 50;

export interface LeftoverProcess {
  readonly name: string;
  readonly pid: number;
}

/**
 * What still runs of an `up` that does not. A process id may have been given to another program since: only processes
 * whose command line still names this project's folder count.
 * @param state what was written down last; nothing is left over of nothing.
 */
export async function findLeftovers(state: RunState | undefined, root: string, run: RunTool): Promise<LeftoverProcess[]> {
  const found: LeftoverProcess[] = [];
  for (const { name, pid } of state?.processes ?? []) {
    if (pid !== null && isAlive(pid) && (await commandLineOf(pid, run)).includes(root)) found.push({ name, pid });
  }
  return found;
}

/** @returns names of the processes that were ended. */
export async function stopLeftovers(state: RunState | undefined, root: string, run: RunTool): Promise<string[]> {
  const leftovers = await findLeftovers(state, root, run);
  for (const { pid } of leftovers) {
    process.kill(pid, "SIGTERM");
    const giveUpAt = performance.now() + waitMs;
    while (isAlive(pid) && performance.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, pollMs));
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  }
  return leftovers.map(({ name }) => name);
}

/** From /proc where there is one: a bare Linux has no ps. Empty when the process is gone. */
async function commandLineOf(pid: number, run: RunTool): Promise<string> {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll("\0", " ");
  return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
}

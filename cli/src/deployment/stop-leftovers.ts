// Ends the processes of an `up` that was killed before it could stop them.
import { existsSync, readFileSync } from "node:fs";
import type { RunTool } from "../setup/run-tool.ts";
import { isAlive, type RunState } from "./run-state.ts";

const waitMs = 5000;
const pollMs = 50;

/**
 * A process id may have been given to another program since: only a process whose command line still names this project's
 * folder is ended.
 * @returns names of the processes that were ended.
 */
export async function stopLeftovers(state: RunState, root: string, run: RunTool): Promise<string[]> {
  const ended: string[] = [];
  for (const { name, pid } of state.processes) {
    if (pid === null || !isAlive(pid)) continue;
    if (!(await commandLineOf(pid, run)).includes(root)) continue;
    process.kill(pid, "SIGTERM");
    ended.push(name);
    const giveUpAt = performance.now() + waitMs;
    while (isAlive(pid) && performance.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, pollMs));
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  }
  return ended;
}

/** From /proc where there is one: a bare Linux has no ps. Empty when the process is gone. */
async function commandLineOf(pid: number, run: RunTool): Promise<string> {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll("\0", " ");
  return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
}

// The processes that a process started, and those that they started.
import { readdirSync, readFileSync } from "node:fs";

/** Looks at this many at most. */
const mostListed = 1000;

/** Where the system does not tell, there are none. Those whose parent has ended belong to nobody, and are not found. */
export function descendantsOf(pid: number): number[] {
  const found: number[] = [];
  const waiting = [pid];
  for (let parent = waiting.pop(); parent !== undefined && found.length < mostListed; parent = waiting.pop()) {
    const children = childrenOf(parent);
    found.push(...children);
    waiting.push(...children);
  }
  return found;
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => numbersIn(readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1")));
  } catch {
    return [];
  }
}

const numbersIn = (text: string): number[] => text.split(" ").filter(Boolean).map(Number);

/** Signals the process and all that are in its group. @param pid of the group's leader. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // None of them is left.
  }
}

// Runs before every test file: a connection, server, process or timer that a file leaves behind fails it.
import { afterAll } from "vitest";

/** Resources, in Node's names, that keep a process alive. Pipes and files are the test runner's own as well. */
const counted = ["TCPSocketWrap", "TCPServerWrap", "ProcessWrap", "Timeout", "Immediate", "Worker", "MessagePort"];
/** Sockets and processes are gone a little after they were closed, and a publication to a broker that stalled gives up after 10 s. */
const graceMs = 60_000;

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (counted.includes(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function leaksSince(before: ReadonlyMap<string, number>): string[] {
  const leaks = [...countResources()].map(([name, count]) => ({ name, more: count - (before.get(name) ?? 0) }));
  return leaks.filter(({ more }) => more > 0).map(({ name, more }) => `${more} ${name}`);
}

// While the file is loaded: the test runner's own timer of a hook would count in a hook.
const before = countResources();

// Registered first, so it runs after every hook of the file.
afterAll(async () => {
  const giveUpAt = Date.now() + graceMs;
  while (leaksSince(before).length > 0 && Date.now() < giveUpAt) {
    // Not counted: it has ended when the resources are counted again.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const leaks = leaksSince(before);
  if (leaks.length > 0) throw new Error(`left behind by this file: ${leaks.join(", ")}`);
});

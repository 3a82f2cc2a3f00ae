// Ports on 127.0.0.1 that nobody listens on.
import { createServer } from "node:net";

/**
 * Below what Linux (32768), macOS and Windows (49152) hand out by themselves: a port from there may belong to an outgoing
 * connection by the time that the process it was chosen for listens on it.
 */
const firstChosen = 20_000;
const lastChosen = 32_000;
/** Processes with neighbouring ids begin as far from each other: what one has chosen and not opened yet, the next does not choose. */
const portsOfProcess = 40;
const range = lastChosen - firstChosen;
let next = (process.pid * portsOfProcess) % range;

const nextPort = (): number => {
  next = (next + 1) % range;
  return firstChosen + next;
};

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });

/** The wished port when it is free, else any free one. */
export async function freePort(wished = 0): Promise<number> {
  const port = wished === 0 ? undefined : await tryPort(wished);
  if (port !== undefined) return port;
  for (let tries = 0; tries < range; tries += 1) {
    const chosen = await tryPort(nextPort());
    if (chosen !== undefined) return chosen;
  }
  throw new Error("no port on 127.0.0.1 is free");
}

/** Several at once, all different. @param first where to begin; any free ones when absent. */
export async function freePorts(count: number, first?: number): Promise<number[]> {
  const ports = new Set<number>();
  let wished = first ?? 0;
  while (ports.size < count) {
    ports.add(await freePort(wished));
    if (first !== undefined) wished += 1;
  }
  return [...ports];
}

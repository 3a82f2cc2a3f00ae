// Ports on 127.0.0.1 that nobody listens on.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/**
 * Below what Linux (32768), macOS and Windows (49152) hand out by themselves: a port from there may belong to an outgoing
 * connection by the time that the process it was chosen for listens on it.
 */
const firstChosen = 20_000;
const lastChosen = 32_000;
/** Of so many ports drawn at random, one is free on any machine that has some left. */
const draws = 100;

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });

/**
 * Holds the port for UDP as long as this process lives. Nobody needs it for that: it keeps a port that was drawn, and that
 * nobody listens on yet, from being drawn again, by this process or by another that starts a deployment at the same time.
 * @returns false when somebody holds it.
 */
const hold = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4").unref();
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => resolve(true));
  });

/** The wished port when it is free, else any free one that nobody else was given. */
export async function freePort(wished = 0): Promise<number> {
  const port = wished === 0 ? undefined : await tryPort(wished);
  if (port !== undefined) return port;
  for (let draw = 0; draw < draws; draw += 1) {
    const drawn = randomInt(firstChosen, lastChosen);
    if ((await hold(drawn)) && (await tryPort(drawn)) !== undefined) return drawn;
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

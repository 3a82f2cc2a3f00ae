// Ports on 127.0.0.1 that nobody listens on.
import { createServer } from "node:net";

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
  const port = (await tryPort(wished)) ?? (await tryPort(0));
  if (port === undefined) throw new Error("no port on 127.0.0.1 is free");
  return port;
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

// Three nats-servers that form a cluster, to be killed and started again one by one.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@nocp/cli/deployment/free-port.ts";
import { probeNats } from "@nocp/cli/setup/nats-server/probe-nats.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import { natsServerProgram } from "./start-test-deployment.ts";

export interface NatsCluster {
  /** All of its servers, separated by commas. */
  readonly url: string;
  readonly replicas: number;
  readonly names: readonly string[];
  /** Of the servers that run. */
  processIds(): number[];
  kill(name: string): Promise<void>;
  start(name: string): void;
  /** Ends it and deletes its files. */
  stop(): Promise<void>;
}

const size = 3;
const startTimeoutMs = 20_000;

export async function startNatsCluster(): Promise<NatsCluster> {
  const folder = await mkdtemp(join(tmpdir(), "nocp-cluster-"));
  const ports = await freePorts(2 * size);
  const nodes = Array.from({ length: size }, (_, index) => ({
    name: `n${index + 1}`,
    port: ports[index] ?? 0,
    routePort: ports[size + index] ?? 0,
  }));
  const routes = nodes.map(({ routePort }) => `"nats://127.0.0.1:${routePort}"`).join(", ");
  const children = new Map<string, ChildProcess>();
  let stopped = false;
  const start = (name: string) => {
    if (stopped) return;
    const child = spawn(natsServerProgram(), ["-c", join(folder, `${name}.conf`)], { stdio: "ignore" });
    children.set(name, child);
  };
  const end = async (name: string, signal: NodeJS.Signals) => {
    const child = children.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  for (const { name, port, routePort } of nodes) {
    const lines = [
      `server_name: "${name}"`,
      `listen: "127.0.0.1:${port}"`,
      `jetstream: { store_dir: ${JSON.stringify(join(folder, name))}, max_file_store: ${64 * 1024 ** 3} }`,
      `cluster: { name: "nocp", listen: "127.0.0.1:${routePort}", routes: [${routes}] }`,
    ];
    writeFileSync(join(folder, `${name}.conf`), `${lines.join("\n")}\n`);
    start(name);
  }
  // Ports are theirs only once they listen.
  for (const { port } of nodes) await untilListening(port);
  return {
    url: nodes.map(({ port }) => `nats://127.0.0.1:${port}`).join(","),
    replicas: size,
    names: nodes.map(({ name }) => name),
    processIds: () =>
      [...children.values()].flatMap(({ pid, exitCode }) => (pid === undefined || exitCode !== null ? [] : [pid])),
    kill: (name) => end(name, "SIGKILL"),
    start,
    stop: async () => {
      stopped = true;
      await Promise.all(nodes.map(({ name }) => end(name, "SIGKILL")));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  const until = giveUpAfter(startTimeoutMs);
  while (!(await probeNats({ host: "127.0.0.1", port }, 1_000))?.jetstream) {
    if (until.aborted) throw new Error(`no nats-server listens on port ${port}`);
    await pause(50);
  }
}

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import { findLeftovers, stopLeftovers } from "@nocp/cli/deployment/stop-leftovers.ts";
import { runFinding } from "@nocp/cli/doctor/deployment-findings.ts";
import { requireNatsServer } from "@nocp/cli/setup/nats-server/find-nats-server.ts";
import { natsAddressOf, probeNats } from "@nocp/cli/setup/nats-server/probe-nats.ts";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { dropCredentials } from "@nocp/runtime/config/url-credentials.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterEach, beforeEach, expect, it } from "vitest";

const service = join(import.meta.dirname, "..", "fixtures", "cli-service.ts");
const dying = join(import.meta.dirname, "..", "fixtures", "no-such-service.ts");
const run = createRunTool(process.env);

let dataFolder: string;
let deployment: Deployment | undefined;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "nocp-cli-"));
  writeFileSync(join(dataFolder, "package.json"), '{"version":"0.0.0"}');
});
afterEach(async () => {
  await deployment?.stop();
  deployment = undefined;
  rmSync(dataFolder, { recursive: true, force: true });
});

async function deploy(overrides: Partial<Parameters<typeof startDeployment>[0]> = {}) {
  const lines: Record<string, unknown>[] = [];
  const machine = { environment: process.env, platform: process.platform, isRoot: false, dataFolder, run, report: () => {} };
  const { program } = await requireNatsServer(machine);
  deployment = await startDeployment({
    nats: { program },
    services: ["act", "assess"],
    root: dataFolder,
    dataFolder,
    environment: { ...process.env, WISH: "kept" },
    entryOf: () => service,
    onLine: (_name, line) => {
      if (line.startsWith("{")) lines.push(JSON.parse(line));
    },
    ...overrides,
  });
  return { deployment, lines };
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it("starts NATS with JetStream and every service with its own port, and leaves no process behind", async () => {
  const { deployment, lines } = await deploy({ replicas: { act: 2 } });
  await deployment.ready;
  expect(deployment.processes.map(({ name }) => name)).toEqual(["act-1", "act-2", "assess"]);
  expect(new Set(deployment.processes.map(({ httpUrl }) => httpUrl)).size).toBe(3);
  expect(await probeNats(natsAddressOf(deployment.natsUrl), 1000)).toMatchObject({ jetstream: true });
  await expect.poll(() => lines.length).toBe(3);
  expect(lines[0]).toMatchObject({ natsUrl: dropCredentials(deployment.natsUrl), wish: "kept" });
  const pids = [deployment.nats, ...deployment.processes].map((process) => process?.pid ?? 0);
  await deployment.stop();
  expect(pids.filter(isAlive)).toEqual([]);
});

it("brings back a killed service and a killed NATS at the same addresses, with what JetStream held", async () => {
  const { deployment } = await deploy();
  await deployment.ready;
  const before = await openTestBroker(deployment.natsUrl);
  await before.provision();
  await before.close();
  deployment.nats?.kill("SIGKILL");
  deployment.processes[0]?.kill("SIGKILL");
  await expect.poll(() => [deployment.nats?.restarts, deployment.processes[0]?.restarts]).toEqual([1, 1]);
  await deployment.untilReady();
  const after = await openTestBroker(deployment.natsUrl);
  expect(await after.inspect()).toEqual([]);
  await after.close();
});

it("says which service ends as soon as it starts, instead of waiting for it", async () => {
  const { deployment } = await deploy({ services: ["articulate"], entryOf: () => dying });
  await expect(deployment.ready).rejects.toThrow(/articulate ends as soon as it starts/);
});

it("uses a NATS that runs elsewhere without touching it", async () => {
  const { deployment: own } = await deploy({ services: [] });
  await own.ready;
  const guest = await startDeployment({
    nats: { url: own.natsUrl },
    services: ["act"],
    root: dataFolder,
    dataFolder,
    environment: process.env,
    entryOf: () => service,
  });
  await guest.ready;
  expect([guest.nats, guest.natsUrl]).toEqual([undefined, own.natsUrl]);
  await guest.stop();
  expect(await probeNats(natsAddressOf(own.natsUrl), 1000)).toBeDefined();
});

it("ends what an earlier run left behind, but no process that only has the same id", async () => {
  const { deployment } = await deploy({ services: [] });
  await deployment.ready;
  const nats = deployment.nats?.pid ?? 0;
  const state = (pid: number) => ({
    pid: 0,
    startedAt: new Date().toISOString(),
    natsUrl: deployment.natsUrl,
    processes: [{ name: "nats-server", pid, httpUrl: null }],
  });
  expect(await stopLeftovers(undefined, dataFolder, run)).toEqual([]);
  expect(await stopLeftovers(state(process.pid), dataFolder, run)).toEqual([]);
  expect(await stopLeftovers(state(nats), "/another/project", run)).toEqual([]);
  expect(runFinding(undefined, await findLeftovers(state(nats), dataFolder, run))).toMatchObject({
    state: "wrong",
    detail: "1 process of a ./nocp up that was killed: nats-server",
  });
  expect(await stopLeftovers(state(nats), dataFolder, run)).toEqual(["nats-server"]);
  expect(existsSync(join(dataFolder, "nats", "jetstream"))).toBe(true);
});

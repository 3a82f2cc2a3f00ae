// ./nocp doctor on a real NATS server, and on ports that belong to others.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRunState } from "@nocp/cli/deployment/run-state.ts";
import { natsFinding, portFinding } from "@nocp/cli/doctor/deployment-findings.ts";
import type { Finding } from "@nocp/cli/doctor/finding.ts";
import { runProgram } from "@nocp/cli/program.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "nocp-doctor-"));
});
afterEach(() => {
  process.exitCode = 0;
  rmSync(dataFolder, { recursive: true, force: true });
});

async function examine(variables: Readonly<Record<string, string>>): Promise<Record<string, Finding>> {
  const { environment, stdout } = writtenEnvironment({
    root: projectRoot,
    dataFolder,
    variables: { PATH: process.env.PATH ?? "", ...variables },
  });
  await runProgram(["doctor", "--json"], { environment, version: "0" });
  const { findings } = JSON.parse(stdout()) as { findings: Finding[] };
  return Object.fromEntries(findings.map((finding) => [finding.what, finding]));
}

describe("streams and consumers", () => {
  const queue = useTestQueue();

  test("are compared with what the services expect", async () => {
    const variables = { NATS_URL: queue.server.url, NOCP_MESSAGING_ACK_WAIT_MS: String(queue.broker.settings.ackWaitMs) };
    const streams = async () => (await examine(variables)).streams;
    expect(await streams()).toMatchObject({ state: "ok" });

    await queue.broker.manager.streams.update("NOCP_ACT", { max_msgs: 7 });
    expect(await streams()).toMatchObject({ state: "wrong", detail: expect.stringContaining("NOCP_ACT") });

    await queue.broker.manager.consumers.delete("NOCP_ASSESS", "assess-batch");
    await queue.broker.manager.streams.delete("NOCP_DLQ");
    expect(await streams()).toMatchObject({
      state: "missing",
      detail: expect.stringMatching(/NOCP_DLQ.*NOCP_ASSESS\/assess-batch/),
      advice: expect.stringContaining("./nocp setup --streams"),
    });
  });

  test("and so is whether the server lets everybody in", async () => {
    expect((await examine({ NATS_URL: queue.server.url })).tenants).toMatchObject({
      state: "optional",
      detail: expect.stringContaining("lets everybody in"),
    });
  });

  test("of a server that only happens to run are not looked for", async () => {
    expect(await natsFinding(queue.server.url, false)).toMatchObject({ state: "optional", advice: "Set NATS_URL to use it" });
  });
});

describe("a port in use", () => {
  test("is said to be another program's, unless an up of this project has it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    expect((await portFinding(port, undefined)).detail).toBe("in use by another program");
    expect((await portFinding(port, "./nocp up")).detail).toBe("in use by ./nocp up");
    server.close();
  });

  test("is not said to be that of an up whose NATS server has another port", async () => {
    const processes = [{ name: "nats-server", pid: process.pid, httpUrl: null }];
    writeRunState(dataFolder, {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      natsUrl: "nats://127.0.0.1:1",
      processes,
    });
    expect((await examine({}))["port 4222"]?.detail).toMatch(/^(free|in use by another program)$/);
  });
});

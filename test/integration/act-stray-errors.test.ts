// act as a process of its own, with tools that throw where no promise carries it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { ToolResult } from "@nocp/contracts/messages.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage, type TestStage } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const main = fileURLToPath(import.meta.resolve("@nocp/act/main.ts"));
const fixtures = join(import.meta.dirname, "../fixtures");

let server: NatsTestServer;
let broker: Broker;
let client: Client;
let assess: TestStage;
let folder: string;
let act: ChildProcess | undefined;
const output: string[] = [];
const resultsOf = new Map<string, readonly ToolResult[]>();

beforeAll(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  client = await createClient({ natsUrl: server.url });
  assess = await startTestStage(broker, "assess", async (message) => {
    if (message.fact === "tools.completed") resultsOf.set(message.body.requestId, message.body.toolResults);
    return [];
  });
  folder = mkdtempSync(join(tmpdir(), "nocp-act-"));
});

beforeEach(async () => {
  if (!isRunning()) await startAct();
});

afterAll(async () => {
  if (isRunning()) {
    const exited = exitOfAct();
    act?.kill("SIGKILL");
    await exited;
  }
  await assess.stop();
  await client.close();
  await broker.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const isRunning = (): boolean => act?.exitCode === null && act.signalCode === null;
const exitOfAct = () => once(act as ChildProcess, "exit");
const throwNow = (): string => join(folder, "throw-now");

async function startAct(): Promise<void> {
  output.length = 0;
  act = await spawnAct();
}

async function spawnAct(): Promise<ChildProcess> {
  const seen = output.join("").split('"running"').length;
  const started = spawn(process.execPath, ["--import", pathToFileURL(join(fixtures, "throwing-module.js")).href, main], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NATS_URL: server.url,
      NOCP_TOOLS_DIR: join(fixtures, "bad-tools"),
      NOCP_HTTP_PORT: "0",
      NOCP_LOG_LEVEL: "info",
      THROW_WHEN_THERE: throwNow(),
    },
  });
  for (const stream of [started.stdout, started.stderr]) stream?.on("data", (chunk) => output.push(String(chunk)));
  await waitFor(() => output.join("").split('"running"').length > seen, "act to run");
  return started;
}

/** @returns what act made of the calls of one request. */
async function run(...tools: NonNullable<NocpRequestInput["tools"]>): Promise<readonly ToolResult[]> {
  const { requestId } = await client.submit({ query: "q", tools, limits: { timeoutMs: 60_000 } });
  await waitFor(() => resultsOf.has(requestId), "the tools to have run");
  return resultsOf.get(requestId) ?? [];
}

describe("a tool whose callback throws", () => {
  test.each([
    ["a timer", "timer", "from a callback"],
    ["the next tick", "tick", "from a callback"],
    ["an emitter without a listener for errors", "emitter", "from a callback"],
    ["a socket without a listener for errors", "socket", "connect ECONNREFUSED 127.0.0.1:1"],
    ["a timer that throws nothing", "undefined", "the tool threw undefined"],
  ])("from %s fails its call at once; other requests go on", async (_where, way, message) => {
    const [[waited], [late]] = await Promise.all([
      run({ name: "tool.waits", arguments: { waitMs: 500 } }),
      run({ name: "tool.late", arguments: { way } }),
    ]);
    expect(late).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED", message } });
    expect(waited).toMatchObject({ status: "succeeded", data: "waited" });
    expect(isRunning()).toBe(true);
    expect(output.join("")).not.toContain("from a callback");
  });

  test("after its call was answered, or as it is told to stop, changes nothing", async () => {
    const [answered, stopped] = await run(
      { name: "tool.late", arguments: { way: "timer", answers: true } },
      { name: "tool.late", arguments: { way: "listener" } },
    );
    expect(answered).toMatchObject({ status: "succeeded", data: "answered" });
    expect(stopped).toMatchObject({ error: { code: "TOOL_TIMEOUT" } });
    expect(await run({ name: "tool.waits" })).toMatchObject([{ data: "waited" }]);
    expect(isRunning()).toBe(true);
  });

  test("for ever ends the process of the tool, and no other", async () => {
    await run({ name: "tool.spins" });
    for (let time = 0; time < 5; time += 1) expect(await run({ name: "tool.waits" })).toMatchObject([{ data: "waited" }]);
    expect(isRunning()).toBe(true);
    expect(output.join("")).toContain("uncaught after its call: Error");
  });
});

describe("a tool that computes for ever", () => {
  const loops = (pidFile: string) => ({ name: "tool.loops", arguments: { pidFile: join(folder, pidFile) } });
  const pidIn = (pidFile: string): number => Number(readFileSync(join(folder, pidFile), "utf8"));
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test.each([
    ["one process", []],
    ["two replicas", ["second"]],
  ])("fails its own call with TOOL_TIMEOUT and none of 70 other requests, with %s of act", async (_what, replicas) => {
    const more = await Promise.all(replicas.map(() => spawnAct()));
    const others = Array.from({ length: 70 }, () => run({ name: "tool.waits", arguments: { waitMs: 20 } }));
    const [[poisoned], ...answered] = await Promise.all([run(loops("poison")), ...others]);
    expect(poisoned).toMatchObject({ status: "failed", attempts: 1, error: { code: "TOOL_TIMEOUT" } });
    expect(answered.filter(([result]) => result?.data === "waited")).toHaveLength(70);
    expect(isRunning()).toBe(true);
    for (const replica of more) {
      // Not killed: the broker may have sent it the next test's message already, which would wait for the end of its lease.
      const exited = once(replica, "exit");
      replica.kill("SIGTERM");
      await exited;
    }
  });

  test("ends with act, also where act is killed", async () => {
    await client.submit({ query: "q", tools: [loops("orphan")], limits: { timeoutMs: 60_000 } });
    await waitFor(() => existsSync(join(folder, "orphan")) && pidIn("orphan") > 0, "the tool to loop");
    const pid = pidIn("orphan");
    expect(isAlive(pid)).toBe(true);
    const exited = exitOfAct();
    act?.kill("SIGKILL");
    await exited;
    await waitFor(() => !isAlive(pid), "the tool's process to be gone");
  });
});

test("a tool that returns 50 MB of bytes holds up nobody", async () => {
  const [[bytes], [waited]] = await Promise.all([run({ name: "tool.bytes" }), run({ name: "tool.waits" })]);
  expect(bytes).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED" } });
  expect(waited).toMatchObject({ status: "succeeded" });
});

test("an error of the service's own ends the process", async () => {
  expect(await run({ name: "tool.waits" })).toMatchObject([{ data: "waited" }]);
  const exited = exitOfAct();
  writeFileSync(throwNow(), "");
  expect(await exited).toEqual([1, null]);
  expect(output.join("")).toContain("a bug of the service's own");
});

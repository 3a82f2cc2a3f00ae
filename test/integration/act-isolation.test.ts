// Users' tools in processes of their own: what they are given, and how they are ended.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startToolProcesses, type ToolProcesses } from "@nocp/act/process/tool-processes.ts";
import type { Tool } from "@nocp/act/tool.ts";
import { loadUserTools } from "@nocp/act/tool-registry.ts";
import { loadDescribedTool } from "@nocp/act/user-tools/load-described-tool.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestTools, type TestTools } from "../fixtures/act-test-tool.ts";

const badTools = join(import.meta.dirname, "../fixtures/bad-tools");
/** For a file that loads; one that loops takes as long. */
const loadTimeoutMs = 10_000;
const lines: { tool: string; line: string }[] = [];
const folder = mkdtempSync(join(tmpdir(), "nocp-isolation-"));
const opened: ToolProcesses[] = [];

async function open(toolsDir: string, memoryMiB = 192): Promise<{ tools: Tool[]; problems: string[] }> {
  const settings = { toolsDir, toolConcurrency: 4, toolMemoryMiB: memoryMiB, toolWarmProcesses: 1, toolIdleMs: 5000 };
  const environment = { ...process.env, NOCP_NATS_PASSWORD: "p", NATS_URL: "nats://x", TOOL_KEY: "k" };
  const processes = startToolProcesses(settings, environment, { info: (fields) => void lines.push(fields as never) });
  opened.push(processes);
  const problems: string[] = [];
  const load = (path: string) => loadDescribedTool(path, processes.userTools!, loadTimeoutMs);
  const tools = await loadUserTools(toolsDir, [], ({ message }) => problems.push(message), load);
  return { tools, problems };
}

let bad: TestTools;
beforeAll(async () => {
  const { tools, problems } = await open(badTools);
  expect(problems).toEqual([]);
  bad = createTestTools(tools);
});
afterAll(async () => {
  await Promise.all(opened.map((processes) => processes.close()));
  rmSync(folder, { recursive: true });
});

const call = (name: string, input: Record<string, unknown> = {}) => ({ id: name, name, arguments: input });
const run = async (name: string, input: Record<string, unknown> = {}) =>
  (await bad.runTools([call(name, input)], 0, createTestContext()))[0];
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const pidsIn = (file: string): number[] => readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);
const nothingIsLeft = (pidFile: string): Promise<void> =>
  expect.poll(() => pidsIn(pidFile).filter(isAlive), { timeout: 30_000 }).toEqual([]);

describe("a tool is ended", () => {
  test("when it computes for ever; calls beside it and after it are answered, and its process is gone", async () => {
    const pidFile = join(folder, "pid");
    const beside = Array.from({ length: 12 }, (_, at) => ({ ...call("tool.waits", { waitMs: 20 }), id: `w${at}` }));
    const results = await bad.runTools([call("tool.loops", { pidFile }), ...beside], 0, createTestContext());
    expect(results[0]).toMatchObject({ status: "failed", error: { code: "TOOL_TIMEOUT" } });
    expect(results.slice(1).map(({ data }) => data)).toEqual(beside.map(() => "waited"));
    const pid = Number(readFileSync(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    expect(await run("tool.waits")).toMatchObject({ data: "waited" });
  });

  test("when it ignores every signal that can be ignored, with what it started", async () => {
    const pidFile = join(folder, "deaf");
    expect(await run("tool.deaf", { pidFile })).toMatchObject({ error: { code: "TOOL_TIMEOUT" } });
    expect(pidsIn(pidFile)).toHaveLength(2);
    await nothingIsLeft(pidFile);
  });

  test.each(["objects", "buffers"])("when it takes too much memory in %s", async (way) => {
    expect(await run("tool.devours", { way })).toMatchObject({
      error: { code: "TOOL_OUT_OF_MEMORY", message: expect.stringContaining("192 MiB") },
    });
    expect(await run("tool.waits")).toMatchObject({ data: "waited" });
  });

  test("by itself, and the call fails", async () => {
    expect(await run("tool.exits")).toMatchObject({
      error: { code: "TOOL_FAILED", message: expect.stringContaining("exit code 3") },
    });
  });

  test("when its request ends", async () => {
    const ending = new AbortController();
    const running = bad.runTools([call("tool.hangs")], 0, createTestContext({ signal: ending.signal }));
    setTimeout(() => ending.abort(new Error("cancelled")), 50);
    await expect(running).rejects.toThrow("cancelled");
  });
});

/** Ways in which a tool harms what is around it, and how its call ends. */
const poisons: readonly [what: string, way: string, ends: object][] = [
  ["starts processes without end", "bomb", { error: { message: "the tool had more than 128 processes" } }],
  ["leaves processes behind that have its pipes open", "leaves", { data: "left" }],
  ["ends, and leaves processes behind that have its pipes open", "exits", { error: { code: "TOOL_FAILED" } }],
  ["closes its outputs, and writes", "closes", { data: "closed" }],
  ["closes its channel", "disconnects", { error: { code: "TOOL_FAILED" } }],
  ["rejects where nobody looks", "rejects", { data: "rejected" }],
  ["writes a gigabyte without a line's end", "flood", { data: "written" }],
  ["writes a gigabyte of lines", "lines", { data: "written" }],
];

describe("a tool that", () => {
  test.each(poisons)("%s harms nobody, and nothing of it is left", async (_what, way, ends) => {
    const pidFile = join(folder, `pids-${way}`);
    writeFileSync(pidFile, "");
    lines.length = 0;
    const before = process.memoryUsage.rss();
    const beside = Array.from({ length: 6 }, (_, at) => ({ ...call("tool.waits", { waitMs: 20 }), id: `w${at}` }));
    const [poisoned, ...others] = await bad.runTools([call("tool.poisons", { way, pidFile }), ...beside], 0, createTestContext());
    expect(poisoned).toMatchObject(ends);
    expect(others.map(({ data }) => data)).toEqual(beside.map(() => "waited"));
    expect(lines.length, "lines that are logged").toBeLessThanOrEqual(200);
    expect(process.memoryUsage.rss() - before, "memory that the output took").toBeLessThan(400 * 1024 * 1024);
    expect(await run("tool.waits")).toMatchObject({ data: "waited" });
    if (poisoned?.status === "failed") await nothingIsLeft(pidFile);
  });

  test("answers and leaves processes behind is replaced before they are too many, and they end with its process", async () => {
    const own = await open(badTools);
    const pidFile = join(folder, "pids-often");
    writeFileSync(pidFile, "");
    const { runTools } = createTestTools(own.tools);
    const leaving = () => runTools([call("tool.poisons", { way: "leaves", pidFile })], 0, createTestContext());
    for (let times = 0; times < 12; times += 1) expect(await leaving()).toMatchObject([{ data: "left" }]);
    expect(pidsIn(pidFile).filter(isAlive).length).toBeLessThanOrEqual(128);
    await opened.pop()?.close();
    await nothingIsLeft(pidFile);
  });
});

describe("a tool is given", () => {
  test("what tools are given, and no settings of the services", async () => {
    const result = await run("tool.tells", { count: JSON.rawJSON("12345678901234567890") });
    expect(result).toMatchObject({
      status: "succeeded",
      data: {
        count: "12345678901234567890",
        attempt: 1,
        settings: {},
        listed: [],
        missing: "ARCHIVE_MISSING",
        seen: ["TOOL_KEY"],
      },
    });
    expect(result?.data).toMatchObject({ callKey: expect.stringMatching(/tool\.tells$/), timeoutMs: expect.any(Number) });
    await expect.poll(() => lines).toContainEqual({ tool: "tool.tells", line: "a line of its own" });
  });

  test("a process that is used again", async () => {
    const runs = async () => ((await run("tool.tells"))?.data as { runs: number } | undefined)?.runs ?? 0;
    expect(await runs()).toBeLessThan(await runs());
  });

  test("another attempt as long as it says that there is sense in it", async () => {
    expect(await run("tool.tells", { fails: true })).toMatchObject({
      attempts: 2,
      error: { code: "TOOL_FAILED", message: "enough" },
    });
  });

  test("arguments that its schema accepts, or none", async () => {
    expect(await run("tool.tells", { unknown: 1 })).toMatchObject({
      error: { code: "INVALID_ARGUMENTS", message: expect.stringContaining('"unknown"') },
    });
    expect(bad.registry.offer("tool.tells").parameters).toMatchObject({
      properties: { fails: { type: "boolean" } },
      additionalProperties: false,
    });
  });
});

test("a file that does not let go of its process, or ends it, is left out, and the others are loaded", async () => {
  const toolsDir = join(folder, "tools");
  mkdirSync(toolsDir);
  const fine = (name: string) =>
    `export default { name: "${name}", description: "d", arguments: { type: "object" }, run: () => 1 };`;
  writeFileSync(join(toolsDir, "a.js"), fine("a"));
  writeFileSync(join(toolsDir, "b.js"), "for (;;);");
  writeFileSync(join(toolsDir, "c.js"), "process.exit(1);");
  writeFileSync(join(toolsDir, "d.js"), fine("d"));
  writeFileSync(join(toolsDir, "e.js"), fine("d"));
  const { tools, problems } = await open(toolsDir);
  expect(tools.map(({ name }) => name)).toEqual(["a", "d"]);
  expect(problems).toEqual([
    expect.stringContaining("b.js did not load in 10 s"),
    expect.stringMatching(/c\.js: .*exit code 1/),
    expect.stringContaining("two tools are named d"),
  ]);
});

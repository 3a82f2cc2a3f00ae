// Tools of MCP servers: over pipes and over HTTP, of the newest protocol and of the one before.
import { join } from "node:path";
import { actSection } from "@nocp/act/config.ts";
import { type McpServers, startMcpServers } from "@nocp/act/mcp/mcp-servers.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestTools } from "../fixtures/act-test-tool.ts";
import { type McpHttpServer, startMcpHttpServer } from "../servers/mcp-http-server.ts";

const program = join(import.meta.dirname, "../servers/mcp-stdio-server.ts");
const overPipes = { command: process.execPath, args: [program], env: { TOKEN: `\${TEST_TOKEN}`, PLACE: `\${PLACE:-here}` } };
const lines: object[] = [];
const logger = { info: (fields: object) => void lines.push(fields), warn: (fields: object) => void lines.push(fields) };
const started: McpServers[] = [];

async function start(mcpServers: Record<string, unknown>, changed: object = {}): Promise<McpServers> {
  const settings = { ...defaultsOf(actSection), mcpConnectTimeoutMs: 60_000, mcpServers, ...changed };
  const environment = { TEST_TOKEN: "secret-token", NOCP_NATS_PASSWORD: "hidden" };
  const servers = await startMcpServers(settings, environment, logger, { baseMs: 20, maxMs: 200 });
  started.push(servers);
  return servers;
}
const call = (name: string, input: Record<string, unknown> = {}) => ({ id: name, name, arguments: input });
const toolsOf = (live: McpServers, overrides = {}) => createTestTools([], overrides, live);
async function run(live: McpServers, name: string, input: Record<string, unknown> = {}, overrides = {}) {
  const [result] = await toolsOf(live, overrides).runTools([call(name, input)], 0, createTestContext());
  return result!;
}
const until = (condition: () => boolean) => expect.poll(condition, { timeout: 60_000, interval: 20 }).toBe(true);

let http: McpHttpServer;
let both: McpServers;
beforeAll(async () => {
  http = await startMcpHttpServer();
  both = await start({
    pipes: overPipes,
    old: { command: process.execPath, args: [program, "legacy"], tools: ["add", "dies", "environment"] },
    web: { url: http.url, headers: { authorization: `Bearer \${TEST_TOKEN}` } },
    off: { command: "nothing-that-exists", disabled: true },
  });
});
afterAll(async () => {
  await Promise.all(started.map((servers) => servers.close()));
  await http.shut();
});

describe("servers that are connected", () => {
  test("agree on the newest revision that both sides speak", () => {
    const versions = Object.fromEntries(both.servers.map(({ name, protocolVersion }) => [name, protocolVersion]));
    expect(versions).toEqual({ pipes: "2026-07-28", old: expect.stringMatching(/^2025-/), web: "2026-07-28" });
  });

  test("list their tools, of which the settings may name some", () => {
    const { registry } = toolsOf(both);
    expect(registry.offerAll("old.*").map(({ name }) => name)).toEqual(["old.add", "old.environment", "old.dies"]);
    expect(registry.offer("web.getForecast")).toMatchObject({
      description: "The weather of a city.",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    });
    expect(() => registry.offer("old.getForecast")).toThrow(/the MCP server old has old\.add/);
  });

  test.each(["pipes", "old", "web"])("answer with data: %s", async (server) => {
    expect(await run(both, `${server}.add`, { a: 1, b: 2 })).toMatchObject({ status: "succeeded", data: { sum: 3 } });
  });

  test("have calls checked against their schemas before they are asked", async () => {
    const result = await run(both, "web.add", { a: 1, b: "two" });
    expect(result).toMatchObject({
      status: "failed",
      error: { code: "INVALID_ARGUMENTS", message: expect.stringContaining("/b") },
    });
  });

  test("return texts, and of what is no text that it is there", async () => {
    expect((await run(both, "pipes.getForecast", { city: "Oslo" })).data).toEqual([
      "Rain in Oslo.",
      { type: "image", mimeType: "image/png", bytes: 9, note: "left out: only text is passed on" },
    ]);
  });

  test("are told of the trace and of the call, and of every digit of a number", async () => {
    const { data } = await run(both, "web.echo", { account: JSON.rawJSON("12345678901234567890") });
    expect(data).toMatchObject({ meta: { "nocp/call-key": expect.stringMatching(/\/0\/web\.echo$/) } });
    const sent = http.headers.at(-1);
    expect(sent).toMatchObject({ authorization: "Bearer secret-token", "mcp-method": "tools/call", "mcp-name": "echo" });
  });

  test("say why a call failed", async () => {
    expect(await run(both, "web.fails")).toMatchObject({ error: { code: "TOOL_FAILED", message: "the disk is full" } });
  });

  test("know of the environment what their settings say", async () => {
    const { data } = await run(both, "pipes.environment");
    const { variables } = data as { variables: Record<string, string> };
    expect(variables).toMatchObject({ TOKEN: "secret-token", PLACE: "here" });
    expect(Object.keys(variables).filter((name) => /^NOCP_|^NATS_/.test(name))).toEqual([]);
  });

  test("are cut off at the limit of a result, and go on", async () => {
    const limits = { maxResultBytes: 1000 };
    for (const name of ["pipes.large", "web.large"]) {
      expect(await run(both, name, { bytes: 5000 }, limits)).toMatchObject({ error: { code: "TOOL_OUTPUT_TOO_LARGE" } });
    }
    expect(await run(both, "web.large", { bytes: 20_000_000 })).toMatchObject({ error: { code: "TOOL_OUTPUT_TOO_LARGE" } });
    expect(await run(both, "web.add", { a: 1, b: 1 })).toMatchObject({ data: { sum: 2 } });
  });

  test("write to the log", () => {
    expect(lines).toContainEqual({ server: "pipes", line: "the test server has started" });
  });
});

test("a call that takes too long is given up, and the server goes on", async () => {
  const live = await start({ slow: { ...overPipes, timeoutMs: 300 } });
  expect(await run(live, "slow.waits", { waitMs: 600_000 })).toMatchObject({ error: { code: "TOOL_TIMEOUT" } });
  expect(await run(live, "slow.waits", { waitMs: 0 })).toMatchObject({ data: "waited" });
});

describe("a server that is lost", () => {
  test.each(["pipes", "old"])("is started again, its tools unavailable meanwhile: %s", async (name) => {
    const [server] = both.servers.filter((known) => known.name === name);
    const before = await run(both, `${name}.environment`);
    expect(await run(both, `${name}.dies`)).toMatchObject({ error: { code: "TOOL_UNAVAILABLE" } });
    await until(() => server?.state === "ready");
    const after = await run(both, `${name}.environment`);
    expect(after.status).toBe("succeeded");
    expect(after.data).not.toMatchObject({ pid: (before.data as { pid: number }).pid });
  });

  test("is connected again over HTTP", async () => {
    await http.shut();
    const { runTools, registry } = toolsOf(both);
    const [result] = await runTools([call("web.echo")], 0, createTestContext());
    expect(result).toMatchObject({ error: { code: "TOOL_UNAVAILABLE", message: expect.stringContaining("web") } });
    expect(() => registry.offerAll("web.*")).toThrow(/not available/);
    await http.open();
    await until(() => both.servers.find(({ name }) => name === "web")?.state === "ready");
    expect(await run(both, "web.add", { a: 2, b: 2 })).toMatchObject({ data: { sum: 4 } });
  });
});

describe("a server that cannot be connected", () => {
  test.each([
    ["its program does not exist", { command: "no-such-program-anywhere" }, /ENOENT/],
    ["its program ends at once", { command: process.execPath, args: ["-e", "process.exit(1)"] }, /closed|ended/i],
    ["a variable is missing", { command: "x", env: { KEY: `\${NOT_SET_ANYWHERE}` } }, /no variable NOT_SET_ANYWHERE/],
    ["nobody listens", { url: "http://127.0.0.1:2/mcp" }, /127\.0\.0\.1:2 could not be reached/],
  ])("holds nothing up, and its tools say so: %s", async (_case, settings, reason) => {
    const live = await start({ broken: settings });
    expect(await run(live, "broken.anything")).toMatchObject({
      error: { code: "TOOL_UNAVAILABLE", message: expect.stringMatching(reason) },
    });
    expect(() => toolsOf(live).registry.offer("nobody.anything")).toThrow(/no tool named/);
  });

  test("is ended when it takes more memory than it may", async () => {
    const live = await start({ hungry: overPipes }, { toolMemoryMiB: 1 });
    await until(() => live.servers[0]?.problem === "it took more than 1 MiB of memory");
  });
});

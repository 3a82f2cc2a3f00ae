// ./nocp tools and ./nocp doctor with an MCP server that works and one that does not.
import { join } from "node:path";
import { runProgram } from "@nocp/cli/program.ts";
import { afterEach, expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

afterEach(() => {
  process.exitCode = 0;
});

const servers = {
  helper: { command: process.execPath, args: [join(projectRoot, "test/servers/mcp-stdio-server.ts")], tools: ["add"] },
  broken: { command: "no-such-program-anywhere" },
};
const variables = {
  PATH: process.env.PATH ?? "",
  NOCP_ACT_MCP_SERVERS: JSON.stringify(servers),
  NOCP_ACT_MCP_CONNECT_TIMEOUT_MS: "60000",
  NOCP_TOOLS_DIR: join(projectRoot, "examples/tools"),
};

async function run(...args: string[]): Promise<string> {
  const { environment, stdout } = writtenEnvironment({ root: projectRoot, variables });
  await runProgram(args, { environment, version: "0" });
  return stdout();
}

test("all tools are listed with where they come from, and servers that are not available", async () => {
  const { tools, mcpServers } = JSON.parse(await run("tools", "--json"));
  const origins = Object.fromEntries(tools.map(({ name, from }: { name: string; from: string }) => [name, from]));
  expect(origins).toMatchObject({
    "file.read": "NOCP",
    "date.difference": "act.toolsDir",
    "helper.add": "MCP server helper",
  });
  expect(mcpServers).toEqual([
    { name: "helper", state: "ready", protocolVersion: "2026-07-28", tools: 1 },
    { name: "broken", state: "unavailable", problem: expect.stringContaining("ENOENT"), tools: 0 },
  ]);
});

test("the doctor says what is wrong with a server", async () => {
  const { findings } = JSON.parse(await run("doctor", "--json"));
  expect(findings).toContainEqual({ what: "MCP server: helper", state: "ok", detail: "1 tool, protocol 2026-07-28" });
  expect(findings).toContainEqual(expect.objectContaining({ what: "MCP server: broken", state: "wrong" }));
});

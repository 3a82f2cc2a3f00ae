// The command line: what goes to stdout, what to stderr, and with which exit code it ends. As a process where that matters;
// what fails before it does anything runs in the test's own process.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { commandTable } from "@nocp/cli/command-table.ts";
import { natsAddressOf, probeNats } from "@nocp/cli/setup/nats-server/probe-nats.ts";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { expect, it } from "vitest";
import { childEnvironment } from "../fixtures/child-environment.ts";
import { commandHere } from "../fixtures/command-here.ts";

const root = join(import.meta.dirname, "..", "..");
const main = join(root, "cli", "src", "main.ts");
const closedPort = "nats://127.0.0.1:1";

const nocp = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  createRunTool({ ...childEnvironment, ...environment })(process.execPath, [main, ...args], { folder: root });

const expectMessage = (stderr: string, code: string): void => {
  expect(stderr).toMatch(new RegExp(`^nocp: [\\s\\S]*\\(${code}\\)\\n$`));
  expect(stderr).not.toMatch(/\n\s+at /);
};

it("has a file that declares itself for every command in the table", async () => {
  const files = await Promise.all(commandTable.map(({ load }) => load()));
  expect(files.map(({ declareCommand }) => typeof declareCommand)).toEqual(commandTable.map(() => "function"));
});

it("prints help without loading any service, and without colours into a pipe", async () => {
  const { exitCode, stdout, stderr } = await nocp(["--help"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  for (const { name } of commandTable) expect(stdout).toContain(`  ${name} `);
  expect(stdout).not.toContain("\u001b[");
});

// Beside each other: one that finds no server waits for it.
it.concurrent.each([
  { args: ["frob"], exitCode: 2, code: "USAGE" },
  { args: ["dead"], exitCode: 2, code: "USAGE" },
  { args: ["publish", "/no/such/file.json"], exitCode: 2, code: "USAGE" },
  { args: ["config", "show", "nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["config", "show", "--set", "act.nonsense=1"], exitCode: 2, code: "INVALID_CONFIGURATION" },
  { args: ["result", "00000000-0000-7000-8000-000000000000", "--nats-url", closedPort], exitCode: 3, code: "NOT_CONNECTED" },
  { args: ["result", "*", "--nats-url", closedPort], exitCode: 2, code: "INVALID_REQUEST" },
  { args: ["cancel", "*", "--nats-url", closedPort], exitCode: 2, code: "INVALID_REQUEST" },
  { args: ["check", "nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["test", "--category", "nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["benchmark", "nonsense"], exitCode: 2, code: "USAGE" },
])("ends `$args` with $exitCode, one message on stderr, nothing on stdout", async ({ args, exitCode, code }) => {
  const outcome = await commandHere(args);
  expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, ""]);
  expectMessage(outcome.stderr, code);
});

it("is in a process what it is here", async () => {
  for (const args of [["frob"], ["frob", "--json"]]) expect(await nocp(args)).toEqual({ ...(await commandHere(args)) });
});

// Each is a program of its own, and is started with what stands behind its name.
it.concurrent.each([
  { args: ["pipeline", "--nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["pipeline", "--rate", "fast"], exitCode: 2, code: "USAGE" },
  { args: ["pipeline", "--nats-url", closedPort], exitCode: 3, code: "NOT_CONNECTED" },
  { args: ["assess-speed", "--subjects", "nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["faithfulness", "--kinds", "nonsense"], exitCode: 2, code: "USAGE" },
  { args: ["memory", "--last", "1"], exitCode: 2, code: "USAGE" },
  { args: ["start", "--rounds", "0"], exitCode: 2, code: "USAGE" },
  { args: ["compression", "--data", "/no/such/folder"], exitCode: 2, code: "USAGE" },
  { args: ["extractive", "--questions", "/no/such/file"], exitCode: 2, code: "USAGE" },
  { args: ["recall", "--floors", "2"], exitCode: 2, code: "USAGE" },
])("ends benchmark `$args` with $exitCode, one message on stderr, nothing on stdout", async ({ args, exitCode, code }) => {
  const outcome = await nocp(["benchmark", ...args]);
  expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, ""]);
  expectMessage(outcome.stderr, code);
});

it("prints the stack with --verbose", async () => {
  const { stderr } = await commandHere(["publish", "/no/such/file.json", "--verbose"]);
  expect(stderr).toMatch(/\n\s+at /);
});

it("prints nothing but JSON on stdout with --json", async () => {
  const outcomes = await Promise.all([
    nocp(["config", "show", "--json"]),
    nocp(["benchmark", "--json"]),
    nocp(["report", "--json"]),
  ]);
  for (const { stdout } of outcomes) expect(() => JSON.parse(stdout)).not.toThrow();
});

it.concurrent.each([
  { args: ["publish", "/no/such/file.json", "--json"], exitCode: 2, code: "USAGE" },
  { args: ["frob", "--json"], exitCode: 2, code: "USAGE" },
  { args: ["config", "show", "--json", "--set", "act.nonsense=1"], exitCode: 2, code: "INVALID_CONFIGURATION" },
  {
    args: ["cancel", "--json", "00000000-0000-7000-8000-000000000000", "--nats-url", closedPort],
    exitCode: 3,
    code: "NOT_CONNECTED",
  },
])("prints the error of `$args` as JSON", async ({ args, exitCode, code }) => {
  const outcome = await commandHere(args);
  expectJson(outcome, exitCode, code);
});

it("prints the error of a benchmark as JSON", async () => {
  expectJson(await nocp(["benchmark", "memory", "--json", "--last", "1"]), 2, "USAGE");
});

function expectJson(outcome: Awaited<ReturnType<typeof commandHere>>, exitCode: number, code: string): void {
  expect([outcome.exitCode, outcome.stderr]).toEqual([exitCode, ""]);
  expect(JSON.parse(outcome.stdout)).toEqual({ error: { code, message: expect.any(String), advice: expect.any(String) } });
}

it("keeps its exit code when nobody reads its output", async () => {
  const failing = `'${process.execPath}' '${main}' publish /no/such/file.json --json`;
  const child = spawn("/bin/bash", ["-c", `set -o pipefail; ${failing} | head -c 0`], { cwd: root });
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(2);
});

it("never shows a key, also not in what doctor and config print as JSON", async () => {
  const key = "sk-unit-test-0123456789";
  const environment = { OPENAI_API_KEY: key, HOME: process.env.HOME ?? "" };
  const outcomes = await Promise.all([
    nocp(["config", "show", "--json"], environment),
    nocp(["config", "export"], environment),
    nocp(["doctor", "--json"], environment),
  ]);
  for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toContain(key);
  expect(outcomes[1]?.stderr).toContain("1 secret left out");
});

it("ends quietly when the reader of its output has seen enough", async () => {
  const child = spawn("/bin/sh", ["-c", `'${process.execPath}' '${main}' config show | head -n 1`], { cwd: root });
  let stderr = "";
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  expect([exitCode, stderr]).toEqual([0, ""]);
});

it("stops what demo started when the reader of its output has seen enough", async () => {
  const child = spawn("/bin/sh", ["-c", `'${process.execPath}' '${main}' demo | head -n 1`], { cwd: root });
  let stderr = "";
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const natsUrl = /nats:\/\/\S+/.exec(stderr)?.[0] ?? "";
  expect(stderr).toMatch(/ready in/);
  expect(await probeNats(natsAddressOf(natsUrl), 1000)).toBeUndefined();
}, 60_000);

it.each(["up", "demo"])("%s names every wrong setting before it starts anything", async (command) => {
  const { exitCode, stdout, stderr } = await commandHere([
    command,
    "--set",
    "act.toolConcurency=4",
    "--set",
    "act.maxResultBytes=abc",
  ]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(
    /^nocp: 2 settings are wrong:\n {2}act\.maxResultBytes [\s\S]*act\.toolConcurency .*no such setting[\s\S]*\(INVALID_CONFIGURATION\)\n$/,
  );
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunTool, ToolOutcome } from "@nocp/cli/setup/run-tool.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installLitellm, installPortkey } from "./install-gateways.ts";
import { installHeadroom } from "./install-headroom.ts";

type Answers = Readonly<Record<string, Partial<ToolOutcome>>>;

let cacheFolder: string;
const calls: string[] = [];
const steps: string[] = [];
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), "nocp-peers-"));
  calls.length = 0;
  steps.length = 0;
});
afterEach(() => rmSync(cacheFolder, { recursive: true, force: true }));

/** Answers a call by the first entry whose name it contains. */
const machine =
  (answers: Answers): RunTool =>
  async (program, args) => {
    const call = `${program.replace(cacheFolder, "")} ${args.join(" ")}`;
    calls.push(call);
    const answer = Object.entries(answers).find(([part]) => call.includes(part))?.[1];
    return { exitCode: 0, stdout: "", stderr: "", ...answer };
  };
const on = (answers: Answers) => ({
  cacheFolder,
  onStep: (line: string) => void steps.push(line),
  run: machine(answers),
});

const python: Answers = { "python3 --version": { stdout: "Python 3.11.7\n" } };
const failing = (message: string) => ({ exitCode: 1, stderr: `x\n${message}` });
const notFound = (program: string) => ({ exitCode: 127, stderr: `spawn ${program} ENOENT` });

describe.each([
  ["headroom", installHeadroom, /headroom-ai\[proxy\]==[\d.]+/],
  ["litellm", installLitellm, /litellm\[proxy\]==[\d.]+/],
])("%s, from PyPI", (name, install, requirement) => {
  test.each([
    ["without Python", { python3: notFound("python3") }, /there is no python3/, /Install Python 3\.10 or newer/],
    [
      "with an old Python",
      { "--version": { stdout: "Python 3.8.2\n" } },
      new RegExp(`3\\.8\\.2 is too old for ${name}`),
      /Install Python/,
    ],
    [
      "without pip",
      { ...python, "-m venv": { exitCode: 1, stdout: "ensurepip is not available" } },
      /virtual environment with pip: ensurepip is not available/,
      /apt install python3-venv/,
    ],
    [
      "without PyPI",
      { ...python, "-m pip": failing("ERROR: No matching distribution") },
      /pip cannot install [\w-]+\[proxy\]==[\d.]+: ERROR: No matching/,
      /PyPI can be reached/,
    ],
  ])("%s says what is missing and what to do", async (_, answers: Answers, message, advice) => {
    await expect(install(on(answers))).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: expect.stringMatching(message),
      advice: expect.stringMatching(advice),
    });
  });

  test("is installed once, and again after an installation that was interrupted", async () => {
    await expect(install(on({ ...python, "-m pip": { exitCode: 1 } }))).rejects.toThrow();
    const installed = await install(on(python));
    expect(steps).toHaveLength(2);
    expect(calls.at(-1)).toMatch(requirement);
    calls.length = 0;
    expect(await install(on(python))).toEqual(installed);
    expect(calls).toEqual([]);
  });
});

describe("Portkey, from npm", () => {
  test.each([
    ["without npm", { npm: notFound("npm") }, /npm cannot be run: spawn npm ENOENT/, /Install npm/],
    ["without npm's registry", { "npm install": failing("npm error code ENOTFOUND") }, /npm cannot install Portkey/, /registry/],
  ])("%s says what is missing and what to do", async (_, answers: Answers, message, advice) => {
    await expect(installPortkey(on(answers))).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: expect.stringMatching(message),
      advice: expect.stringMatching(advice),
    });
  });

  test("is installed once, with the versions of its server that it works with, and again after an interruption", async () => {
    await expect(installPortkey(on({ "npm install": { exitCode: 1 } }))).rejects.toThrow();
    const folder = await installPortkey(on({}));
    expect(steps).toHaveLength(2);
    const manifest = JSON.parse(readFileSync(join(folder, "../../../package.json"), "utf8"));
    expect(manifest.overrides).toEqual({ hono: expect.any(String), "@hono/node-server": expect.any(String) });
    calls.length = 0;
    expect(await installPortkey(on({}))).toBe(folder);
    expect(calls).toEqual([]);
  });
});

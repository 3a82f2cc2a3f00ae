// What README.md and docs/ tell people to type.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stages } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await startTestDeployment();
});
afterAll(() => deployment?.end());

test("the TypeScript of the README answers its question and ends", async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, "README.md"), "utf8")) ?? [];
  const here = code.replace("nats://127.0.0.1:4222", deployment.natsUrl);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", here], {
    cwd: projectRoot,
    timeout: 240_000,
  });
  expect(stdout).toContain("20 MB");
});

/** Runs a line of a page with ./nocp, on the deployment. */
async function run(line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line], {
    cwd: projectRoot,
    env: { ...process.env, ...databaseOf(deployment), NATS_URL: deployment.natsUrl, NO_COLOR: "1" },
    timeout: 240_000,
  });
  return { stdout, stderr };
}
const databaseOf = ({ folder }: TestDeployment) => ({
  NOCP_OBSERVABILITY_DATABASE_FILE: join(folder, "transactions.sqlite"),
});

describe("the commands of the README", () => {
  const [, block = ""] = /## Try it\n\n```\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, "README.md"), "utf8")) ?? [];
  const lines = block.split("\n").filter((line) => line.startsWith("./nocp "));
  const [publish = "", ...others] = lines.filter((line) => !line.startsWith("./nocp up "));

  test("publish answers, reports each stage once, and prints the bill that the README shows", async () => {
    expect(publish).toContain("publish examples/1-lockfile-question.json --watch");
    const { stdout, stderr } = await run(publish);
    expect(stdout).toMatch(/^version: 4\./);
    for (const stage of stages) expect(stderr.match(new RegExp(`^ +${stage} +done`, "gm")), stage).toHaveLength(1);
    for (const shown of ["answered by", "input tokens", "cost", "at openai/", "archived"]) expect(stderr).toContain(shown);
  });

  test.each(others)("%s", async (line) => {
    // doctor finds fault with what this machine lacks.
    const { stdout } = line.includes(" doctor ") ? await run(`${line.replace(/#.*/, "")} || true`) : await run(line);
    expect(stdout.trim()).not.toBe("");
  });
});

test("docs/compression.md shows what the command prints, but for the parts it leaves out", async () => {
  const page = readFileSync(join(projectRoot, "docs/compression.md"), "utf8");
  const [, command = "", shown = ""] = /```\n(\.\/nocp assess [^\n]+)\n```[\s\S]*?```\n(\{[\s\S]*?)```/.exec(page) ?? [];
  const { stdout } = await run(command);
  const parts = shown
    .replaceAll("\n", " ")
    .split("…")
    .map((part) => part.trim());
  expect(parts.length).toBeGreaterThan(3);
  // Lines of the page are wrapped, also after commas, where JSON has no blank.
  const printed = stdout.replaceAll(/,\s*/g, ",");
  for (const part of parts) expect(printed).toContain(part.replaceAll(/,\s*/g, ","));
});

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childEnvironment } from "../fixtures/child-environment.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const ownBinary = join(projectRoot, ".nocp/bin/nats-server");
const natsServer = process.env.NATS_SERVER_BIN ?? (existsSync(ownBinary) ? ownBinary : "nats-server");

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const benchmark = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const environment = { ...childEnvironment, NATS_SERVER_BIN: natsServer };
    const given = [join(projectRoot, "benchmarks/src/compression.ts"), "--model-delay-ms", "0", "--prefill-ms", "0", ...args];
    execFile(process.execPath, given, { cwd: projectRoot, env: environment }, (error, stdout, stderr) =>
      resolve({ exitCode: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });

describe("the benchmark of compression", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nocp-e2e-benchmark-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const report = async () => JSON.parse(await readFile(join(folder, "compression.json"), "utf8"));

  it("takes seed workloads through the pipeline and writes the report in three forms", async () => {
    const { exitCode, stdout } = await benchmark(
      "--workloads",
      "api-calls,database",
      "--sizes",
      "small",
      "--cases",
      "2",
      "--out",
      folder,
    );
    expect(stdout).toContain("database small");
    expect(exitCode).toBe(0);
    const { groups, failures } = await report();
    expect(failures).toEqual([]);
    expect(groups.map(({ cases }: { cases: number }) => cases)).toEqual([2, 2]);
    for (const { input, recall, output } of groups) {
      expect(input.optimized).toBeLessThan(input.raw);
      expect(recall.raw).toBe(1);
      expect(output.optimized).toBeLessThan(output.raw);
    }
    expect(await readFile(join(folder, "compression.md"), "utf8")).toContain("| database small |");
    expect(await readFile(join(folder, "compression.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it("takes a user's own cases, judges those that say what they need, and with --strict fails on a missed criterion", async () => {
    const text = "Nothing is said here. ".repeat(3);
    const items = [
      { kind: "document", id: "d", title: "Notes", text: `The code is 4711. ${text}` },
      { kind: "message", id: "m", role: "Ann", text: "And the colour is teal." },
      { kind: "tool", id: "t", name: "shop.orders", data: [{ id: "ORD-1", total: 12.5 }] },
    ];
    const lines = [
      { id: "a", query: "Which code, which colour, what total?", items, needs: ["4711", "teal", "12.5"] },
      { id: "b", query: "Which code?", items },
    ];
    await writeFile(join(folder, "mine.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
    const { exitCode } = await benchmark("--data", folder, "--out", folder, "--strict");
    const { groups, criteria, failures } = await report();
    expect(failures).toEqual([]);
    expect(groups[0]).toMatchObject({ size: "mine", cases: 2, recall: { cases: 1, raw: 1, optimized: 1 } });
    // Far below the size from which compressing pays: nothing is saved, and the report says so.
    expect(criteria[0]).toMatchObject({ met: false, worst: { group: "own cases mine", text: "0.0 %" } });
    expect(exitCode).toBe(1);
  });

  it("refuses what it does not understand, with a line that says what there is", async () => {
    const { exitCode, stderr } = await benchmark("--workloads", "sonnets", "--out", folder);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/sonnets.* is invalid. Choose from retrieval, api-calls, database, conversation.*\(USAGE\)/);
  });
});

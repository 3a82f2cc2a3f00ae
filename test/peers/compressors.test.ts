// The comparison with another compressor, for real: it is installed from PyPI, started and asked.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { projectRoot } from "../servers/start-test-deployment.ts";

test("headroom is installed and compared on the same cases", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nocp-peers-"));
  try {
    const file = join(folder, "report.json");
    const own = ["--compression", "--cases", "1", "--sizes", "small", "--groups", "table of 200,diffs", "--json", file];
    const { stdout } = await promisify(execFile)(process.execPath, [join(projectRoot, "benchmarks/src/peers.ts"), ...own], {
      cwd: projectRoot,
      // pip's settings are the machine's.
      env: process.env,
    });
    expect(stdout).toContain("its model for prose (Kompress) is fetched from Hugging Face and was not available");
    const report = JSON.parse(await readFile(file, "utf8"));
    expect(report.groups.map(({ group }: { group: string }) => group)).toEqual(["table of 200 rows", "diffs"]);
    for (const { figures } of report.groups) {
      expect(figures.map(({ contender }: { contender: string }) => contender)).toEqual([
        "NOCP",
        "NOCP, lossless",
        "headroom",
        "headroom, mode agent",
      ]);
      for (const { leftTokens, medianMs } of figures) {
        expect(leftTokens).toBeGreaterThan(0);
        expect(medianMs).toBeGreaterThan(0);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

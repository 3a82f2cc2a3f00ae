import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { printReport } from "../reports/print-report.ts";
import { benchmarkCommand, readOptions } from "./benchmark-options.ts";

describe("options of a benchmark", () => {
  const { argv } = process;
  afterEach(() => {
    process.argv = argv;
    process.removeAllListeners("uncaughtException");
  });
  const parsed = (...words: string[]) => {
    process.argv = ["node", "benchmark.ts", ...words];
    return readOptions(benchmarkCommand("test").option("--rounds <count>", "runs", wholeNumber(1), 5));
  };

  it.each([
    { words: [], options: { rounds: 5 } },
    { words: ["--json"], options: { rounds: 5, json: true } },
    { words: ["--json", "--rounds", "1"], options: { rounds: 1, json: true } },
    { words: ["--json", "report.json", "--rounds", "1"], options: { rounds: 1, json: "report.json" } },
    { words: ["--json", "-"], options: { rounds: 5, json: "-" } },
    { words: ["--json=report.json"], options: { rounds: 5, json: "report.json" } },
  ])("$words", ({ words, options }) => expect(parsed(...words)).toEqual(options));

  it.each([["--round"], ["--rounds", "many"], ["--rounds"]])("refuses %s in one line that names the option", (...words) => {
    expect(() => parsed(...words)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringMatching(/^.*--round.*$/) }),
    );
  });
});

describe("a report", () => {
  afterEach(() => vi.restoreAllMocks());
  const printed = (jsonFile: string | true | undefined): string => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    printReport("the text", { figure: 1 }, jsonFile);
    return log.mock.calls.flat().join("\n");
  };

  it("is text without --json", () => expect(printed(undefined)).toBe("the text"));

  it("is JSON alone on stdout without a file", () => expect(JSON.parse(printed(true))).toEqual({ figure: 1 }));

  it("is text, and JSON in the file, in a folder that need not be there", () => {
    const folder = mkdtempSync(join(tmpdir(), "nocp-report-"));
    const file = join(folder, "new", "report.json");
    expect(printed(file)).toBe("the text");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ figure: 1 });
    rmSync(folder, { recursive: true });
  });
});

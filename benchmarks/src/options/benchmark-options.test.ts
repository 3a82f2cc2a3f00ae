import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { printReport } from "../reports/print-report.ts";
import { onStdout, withJsonPlace } from "./benchmark-options.ts";

describe("--json of a benchmark", () => {
  it.each([
    [["--json"], ["--json=-"]],
    [
      ["--json", "--rounds", "1"],
      ["--json=-", "--rounds", "1"],
    ],
    [
      ["--json", "report.json", "--rounds", "1"],
      ["--json", "report.json", "--rounds", "1"],
    ],
    [
      ["--json", "-"],
      ["--json", "-"],
    ],
    [["--json=report.json"], ["--json=report.json"]],
  ])("%j is read as %j", (given, read) => expect(withJsonPlace(given)).toEqual(read));
});

describe("a report", () => {
  afterEach(() => vi.restoreAllMocks());
  const printed = (jsonPlace: string | undefined): string => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    printReport("the text", { figure: 1 }, jsonPlace);
    return log.mock.calls.flat().join("\n");
  };

  it("is text without --json", () => expect(printed(undefined)).toBe("the text"));

  it("is JSON alone on stdout without a file", () => expect(JSON.parse(printed(onStdout))).toEqual({ figure: 1 }));

  it("is text, and JSON in the file, in a folder that need not be there", () => {
    const folder = mkdtempSync(join(tmpdir(), "nocp-report-"));
    const file = join(folder, "new", "report.json");
    expect(printed(file)).toBe("the text");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ figure: 1 });
    rmSync(folder, { recursive: true });
  });
});

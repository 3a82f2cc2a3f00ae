import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDataFolder } from "./data-version.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-version-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const versionFile = (): string => readFileSync(join(folder, "version"), "utf8");

test("a folder without a version, of an earlier program, or of this one, is taken and marked", () => {
  claimDataFolder(folder, "0.4.0");
  claimDataFolder(folder, "0.5.0");
  expect(versionFile()).toBe("2\n0.5.0\n");
  writeFileSync(join(folder, "version"), "2\n");
  claimDataFolder(folder, "0.5.0");
  expect(versionFile()).toBe("2\n0.5.0\n");
});

test.each([
  ["names itself", "3\n1.2.0-rc.1\n", "NOCP 1.2.0-rc.1"],
  ["does not name itself", "3\n", "a newer NOCP"],
  ["writes nonsense", `3\n${"x".repeat(1_000_000)}\n`, "a newer NOCP"],
])("a folder of a newer program that %s is refused with the version that fits, and left as it is", (_how, content, fits) => {
  writeFileSync(join(folder, "version"), content);
  const claim = () => claimDataFolder(folder, "0.4.0");
  expect(claim).toThrow(`data of version 3, written by ${fits}; this is NOCP 0.4.0, which knows versions up to 2`);
  expect(claim).toThrow(expect.objectContaining({ advice: expect.stringContaining(`Start ${fits},`) }));
  expect(versionFile()).toBe(content);
});

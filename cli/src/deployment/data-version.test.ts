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

test("a folder without a version, or of this one, is taken and marked", () => {
  claimDataFolder(folder);
  claimDataFolder(folder);
  expect(readFileSync(join(folder, "version"), "utf8")).toBe("2\n");
});

test("a folder that a newer program has written to is refused, and left as it is", () => {
  writeFileSync(join(folder, "version"), "3\n");
  expect(() => claimDataFolder(folder)).toThrow("has data of version 3, and this program knows versions up to 2");
  expect(readFileSync(join(folder, "version"), "utf8")).toBe("3\n");
});

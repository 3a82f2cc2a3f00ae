import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { requestSchema } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildLockfileDatabase } from "../../../deploy/jobs/lockfile-database.ts";
import { checkAnswer, type Example, loadExamples, valueAt } from "./example.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nocp-cli-"));
  mkdirSync(join(root, "examples"));
  const packages = {
    "": { name: "project" },
    shared: { version: "0.1.0" },
    "node_modules/@a/one": { version: "1.0.0", license: "MIT", dependencies: { two: "2" } },
    "node_modules/@a/one/node_modules/two": { version: "2.0.0", license: "ISC", dev: true },
    "node_modules/two": { version: "2.1.0", license: "MIT" },
    "node_modules/linked": { link: true },
  };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the database of the demo", () => {
  it("holds every installed package once, and the counts agree with it", () => {
    buildLockfileDatabase(root);
    buildLockfileDatabase(root);
    const database = new DatabaseSync(join(root, "examples", "lockfile.sqlite"), { readOnly: true });
    const rows = database.prepare("SELECT name, version, development, dependencies FROM packages ORDER BY version").all();
    database.close();
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["@a/one", "1.0.0", 0, 1],
      ["two", "2.0.0", 1, 0],
      ["two", "2.1.0", 0, 0],
    ]);
    expect(valueAt(root, "examples/lockfile.counts.json#/licenses/MIT")).toBe("2");
  });
});

describe("what an answer must hold", () => {
  const example = (expected: string): Example => ({
    name: "x.json",
    title: "x",
    request: { query: "x" },
    expected,
    expectedStatus: "succeeded",
    expectedSaving: undefined,
  });
  const passes = (answer: string | null, expected: string, status = "succeeded") =>
    checkAnswer(example(expected), { answer, status } as NocpResult).every(({ passed }) => passed);

  it.each([
    ["version 4.6.7 is locked", "4.6.7", true],
    ["it is 4.6.7.", "4.6.7", true],
    ["it is 14.6.7", "4.6.7", false],
    ["it is 4.6.70", "4.6.7", false],
    ["it is 4.6.7.1", "4.6.7", false],
    ["MIT License", "mit", true],
    ["permitted", "MIT", false],
    [null, "MIT", false],
  ])("%j holds %j: %s", (answer, expected, outcome) => expect(passes(answer, expected)).toBe(outcome));

  it("is not enough when the status is another one", () => expect(passes("MIT", "MIT", "degraded")).toBe(false));

  it("is not enough when too little was saved", () => {
    const saving = (optimized: number) =>
      checkAnswer({ ...example("MIT"), expectedSaving: 0.5 }, {
        answer: "MIT",
        status: "succeeded",
        tokens: { input: { raw: 1000, optimized } },
      } as NocpResult).every(({ passed }) => passed);
    expect([saving(500), saving(501), saving(1000)]).toEqual([true, false, false]);
  });

  it("follows a pointer with slashes in its keys, and complains when it leads to nothing", () => {
    expect(valueAt(root, "package-lock.json#/packages/node_modules~1@a~1one/version")).toBe("1.0.0");
    expect(() => valueAt(root, "package-lock.json#/packages/gone/version")).toThrow(/leads to nothing/);
  });
});

it("finds valid requests in examples/, each with something to check", () => {
  const project = join(import.meta.dirname, "..", "..", "..");
  buildLockfileDatabase(project);
  const examples = loadExamples(project);
  expect(examples.length).toBeGreaterThanOrEqual(4);
  expect(examples.filter(({ request }) => !requestSchema.safeParse(request).success)).toEqual([]);
  expect(examples.filter(({ expected }) => expected === undefined)).toEqual([]);
});

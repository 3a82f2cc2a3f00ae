import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SearchOutcome } from "@nocp/act/files/search-files.ts";
import { parseArguments } from "@nocp/act/tool-registry.ts";
import fileRead from "@nocp/act/tools/file-read.ts";
import fileSearch from "@nocp/act/tools/file-search.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actTestContext } from "../fixtures/act-test-tool.ts";

let folder: string;
let root: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nocp-act-search-")));
  root = join(folder, "root");
  for (const name of ["src/deep", "node_modules/left-pad", ".git"]) mkdirSync(join(root, name), { recursive: true });
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "outside", "needle.txt"), "needle outside");
  writeFileSync(join(root, "a.md"), "first\nthe needle (1+1)\nlast\n");
  writeFileSync(join(root, "src", "b.ts"), "// Needle\nneedle\n");
  writeFileSync(join(root, "src", "deep", "c.ts"), "needle needle\n");
  for (const name of ["node_modules/left-pad/index.js", ".git/config", ".env"]) writeFileSync(join(root, name), "needle");
  writeFileSync(join(root, "binary.md"), Buffer.from("needle\0"));
  writeFileSync(join(root, "long.txt"), `${"x".repeat(5000)}haystack${"y".repeat(5000)}`);
  writeFileSync(join(root, "slow.txt"), `${"a".repeat(60)}!`);
  symlinkSync(join(folder, "outside"), join(root, "linked"));
  symlinkSync(join(folder, "outside", "needle.txt"), join(root, "linked.txt"));
  symlinkSync(root, join(root, "src", "loop"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const search = (input: Record<string, unknown>, overrides: Parameters<typeof actTestContext>[1] = {}): Promise<SearchOutcome> => {
  const checked = parseArguments(fileSearch as never, input) as Parameters<typeof fileSearch.run>[0];
  return fileSearch.run(checked, actTestContext({ fileRoots: [root] }, overrides)) as Promise<SearchOutcome>;
};
const placesIn = ({ matches }: SearchOutcome): string[] =>
  matches.map(({ path, line }) => `${path.slice(root.length + 1)}:${line}`);

test("finds lines in the order of names, and follows no link, opens no secret and no binary file, skips other people's code", async () => {
  const outcome = await search({ pattern: "needle" });
  expect(placesIn(outcome)).toEqual(["a.md:2", "src/b.ts:2", "src/deep/c.ts:1"]);
  expect(outcome).toMatchObject({ filesSkipped: 1, stoppedBy: null });
});

test("finds lines in UTF-16 files, with a byte order mark and without, and in UTF-8 files with one", async () => {
  const text = "Service report\r\nThe quota for Lund is 4812.\r\n";
  const littleEndian = (written: string) => Buffer.from(written, "utf16le");
  const files = {
    "be.u16": littleEndian(`\ufeff${text}`).swap16(),
    "le.u16": littleEndian(`\ufeff${text}`),
    "markless-be.u16": littleEndian(text).swap16(),
    "markless-le.u16": littleEndian(text),
    "u8.u16": Buffer.from(`\ufeff${text}`),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes);
  const outcome = await search({ pattern: "Lund", glob: "*.u16", contextLines: 1 });
  expect(placesIn(outcome)).toEqual(Object.keys(files).map((name) => `${name}:2`));
  expect(outcome).toMatchObject({ filesSearched: 5, filesSkipped: 0 });
  for (const match of outcome.matches) {
    expect(match).toMatchObject({ text: "The quota for Lund is 4812.", before: ["Service report"] });
  }
  expect(placesIn(await search({ pattern: "^Service", regex: true, glob: "*.u16" }))).toHaveLength(5);
});

test("takes the pattern literally unless it is said to be a regular expression", async () => {
  expect(placesIn(await search({ pattern: "(1+1)" }))).toEqual(["a.md:2"]);
  expect(placesIn(await search({ pattern: "^n\\w+$", regex: true, glob: "*.ts" }))).toEqual(["src/b.ts:2"]);
  expect(placesIn(await search({ pattern: "NEEDLE", ignoreCase: true, glob: "src/*.ts" }))).toEqual(["src/b.ts:1", "src/b.ts:2"]);
});

test("searches below a folder, or one file, and gives paths that file.read takes", async () => {
  expect(placesIn(await search({ pattern: "needle", path: "src" }))).toEqual(["src/b.ts:2", "src/deep/c.ts:1"]);
  const { matches } = await search({ pattern: "needle", path: "a.md", contextLines: 1 });
  expect(matches).toEqual([{ path: join(root, "a.md"), line: 2, text: "the needle (1+1)", before: ["first"], after: ["last"] }]);
  const context = actTestContext({ fileRoots: [root] });
  const found = await fileRead.run({ path: matches[0]!.path, parse: "auto" }, context);
  expect(found).toMatchObject({ content: expect.stringContaining("needle") });
});

test("shows a long line around the match, and says when there is more than it may return", async () => {
  const { matches } = await search({ pattern: "haystack" });
  expect(matches[0]?.text).toMatch(/^…x+haystacky+…$/);
  expect(matches[0]?.text.length).toBeLessThan(400);
  expect(await search({ pattern: "needle", maxMatches: 1 })).toMatchObject({ matches: { length: 1 }, stoppedBy: "maxMatches" });
  expect(await search({ pattern: "needle", maxMatches: 3 })).toMatchObject({ matches: { length: 3 }, stoppedBy: null });
});

test.each([["../outside"], ["/"], ["linked"], [".git"]])("refuses to start at %s", async (path) => {
  await expect(search({ pattern: "needle", path })).rejects.toMatchObject({ code: "PATH_NOT_ALLOWED" });
});

test("a wrong regular expression is an error that names the argument", () => {
  expect(() => parseArguments(fileSearch as never, { pattern: "(", regex: true })).toThrow(/pattern/);
});

test("a regular expression that backtracks for ever ends with the signal", async () => {
  const ending = new AbortController();
  const running = search({ pattern: "(a+)+$", regex: true, glob: "slow.txt" }, { signal: ending.signal });
  setTimeout(() => ending.abort(new Error("time is up")), 300);
  await expect(running).rejects.toThrow("time is up");
});

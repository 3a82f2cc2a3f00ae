import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actTestContext } from "../../../../test/fixtures/act-test-tool.ts";
import { parseArguments } from "../tool-registry.ts";
import fileRead from "../tools/file-read.ts";
import { matchesName } from "./name-pattern.ts";

let folder: string;
let root: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nocp-act-")));
  root = join(folder, "root");
  mkdirSync(join(root, "docs"), { recursive: true });
  mkdirSync(join(folder, "root-sibling"));
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "outside", "secret.txt"), "secret");
  writeFileSync(join(folder, "root-sibling", "secret.txt"), "secret");
  writeFileSync(join(root, "docs", "lines.txt"), "one\ntwo\nthree\nfour\n");
  writeFileSync(join(root, "umlauts.txt"), "aäöü€😀z");
  writeFileSync(join(root, "table.json"), '{"rows": [1, 2]}');
  writeFileSync(join(root, "rows.jsonl"), '{"a": 1}\n{"a": 2}\n');
  writeFileSync(join(root, "tweets.json"), '[{"id": 1234567890123456789}]');
  writeFileSync(join(root, "tweets.jsonl"), '{"id": 1234567890123456789}\n');
  writeFileSync(join(root, "broken.json"), '{"rows": [1,');
  writeFileSync(join(root, "binary.dat"), Buffer.from([0, 1, 2, 255]));
  writeFileSync(join(root, "big.txt"), "x".repeat(100_000));
  writeFileSync(join(root, ".env"), "OPENAI_API_KEY=sk-123");
  writeFileSync(join(root, "server.PEM"), "key");
  symlinkSync(join(folder, "outside", "secret.txt"), join(root, "link-out.txt"));
  symlinkSync(join(folder, "outside"), join(root, "folder-out"));
  symlinkSync(join(root, "docs", "lines.txt"), join(root, "link-in.txt"));
  symlinkSync(join(root, ".env"), join(root, "innocent.txt"));
  execFileSync("mkfifo", [join(root, "pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (input: Record<string, unknown>, settings: { fileRoots?: string[] } = {}, maxResultBytes = 50_000) => {
  const checked = parseArguments(fileRead as never, input) as Parameters<typeof fileRead.run>[0];
  return fileRead.run(checked, actTestContext({ fileRoots: [root], ...settings }, { maxResultBytes })) as Promise<{
    content: unknown;
  }>;
};

describe("file.read refuses", () => {
  test.each([
    ["a way up", "../outside/secret.txt"],
    ["a way up through a folder that is there", "docs/../../outside/secret.txt"],
    ["a way up through a folder that is not there", "nowhere/../../outside/secret.txt"],
    ["a folder whose name begins like the root", "../root-sibling/secret.txt"],
    ["an absolute path", "/etc/passwd"],
    ["a path outside that does not exist, without saying so", "../outside/nothing.txt"],
    ["a link that leads out", "link-out.txt"],
    ["a linked folder that leads out", "folder-out/secret.txt"],
    ["a NUL character", "docs/lines.txt\0.png"],
    ["a file with secrets", ".env"],
    ["a file with secrets, whatever the case", "server.PEM"],
    ["a link to a file with secrets", "innocent.txt"],
  ])("%s", async (_what, path) => {
    await expect(read({ path })).rejects.toMatchObject({ code: "PATH_NOT_ALLOWED" });
  });

  test.each([
    ["an encoded way up, which is just a name", "..%2foutside%2fsecret.txt"],
    ["a home folder, which is just a name", "~/secret.txt"],
    ["a folder", "docs"],
    ["a pipe, without waiting for its writer", "pipe"],
    ["a file that is not there", "nothing.txt"],
    ["a path below a file", "table.json/x"],
    ["what is not text", "binary.dat"],
  ])("%s", async (_what, path) => {
    await expect(read({ path })).rejects.toMatchObject({ code: "TOOL_REFUSED" });
  });

  test("a file longer than the limit, and says what to do", async () => {
    await expect(read({ path: "big.txt" })).rejects.toMatchObject({
      code: "TOOL_OUTPUT_TOO_LARGE",
      advice: expect.stringContaining("lines"),
    });
    await expect(read({ path: "big.txt", fromByte: 0, byteLength: 60_000 })).rejects.toMatchObject({
      code: "TOOL_OUTPUT_TOO_LARGE",
    });
  });

  test("devices that never end, even inside a root", async () => {
    await expect(read({ path: "zero" }, { fileRoots: ["/dev"] })).rejects.toMatchObject({ code: "TOOL_REFUSED" });
  });

  test("everything when there is no root", async () => {
    await expect(read({ path: "table.json" }, { fileRoots: [] })).rejects.toMatchObject({ code: "PATH_NOT_ALLOWED" });
  });
});

describe("file.read returns", () => {
  test.each([
    ["text as text", { path: "docs/lines.txt" }, "one\ntwo\nthree\nfour\n"],
    ["what a link inside the root leads to", { path: "link-in.txt" }, "one\ntwo\nthree\nfour\n"],
    ["JSON as data", { path: "table.json" }, { rows: [1, 2] }],
    ["JSON as text when asked", { path: "table.json", parse: "text" }, '{"rows": [1, 2]}'],
    ["JSON lines as a list", { path: "rows.jsonl" }, [{ a: 1 }, { a: 2 }]],
    ["all digits of a number in JSON", { path: "tweets.json" }, [{ id: "1234567890123456789" }]],
    ["all digits of a number in JSON lines", { path: "tweets.jsonl" }, [{ id: "1234567890123456789" }]],
    ["broken JSON as text", { path: "broken.json" }, '{"rows": [1,'],
    ["some lines", { path: "docs/lines.txt", fromLine: 2, toLine: 3 }, "two\nthree\n"],
    ["lines up to the end", { path: "docs/lines.txt", fromLine: 4 }, "four\n"],
    ["nothing behind the end", { path: "docs/lines.txt", fromLine: 40 }, ""],
    ["some bytes of a file over the limit", { path: "big.txt", fromByte: 99_995 }, "xxxxx"],
  ])("%s", async (_what, input, content) => {
    expect((await read(input)).content).toEqual(content);
  });

  test("whole characters only, wherever a range of bytes begins and ends", async () => {
    const text = "aäöü€😀z";
    const length = Buffer.byteLength(text);
    for (let from = 0; from < length; from += 1) {
      for (let byteLength = 1; byteLength <= length - from; byteLength += 1) {
        const { content } = await read({ path: "umlauts.txt", fromByte: from, byteLength });
        expect(text).toContain(content);
        expect(content).not.toContain("\ufffd");
      }
    }
  });

  test("an error for text that must be JSON", async () => {
    await expect(read({ path: "broken.json", parse: "json" })).rejects.toMatchObject({ code: "TOOL_REFUSED" });
  });

  test("a file of a refused name when its own folder is the root", async () => {
    const hidden = join(root, ".nocp", "demo");
    mkdirSync(hidden, { recursive: true });
    writeFileSync(join(hidden, "data.json"), "[]");
    await expect(read({ path: ".nocp/demo/data.json" })).rejects.toMatchObject({ code: "PATH_NOT_ALLOWED" });
    expect((await read({ path: join(hidden, "data.json") }, { fileRoots: [root, hidden] })).content).toEqual([]);
  });
});

test("arguments that contradict each other are named", () => {
  const parse = (input: Record<string, unknown>) => () => parseArguments(fileRead as never, input);
  expect(parse({ path: "x", fromLine: 1, fromByte: 1 })).toThrow(/fromByte: give lines or bytes/);
  expect(parse({ path: "x", fromLine: 3, toLine: 2 })).toThrow(/toLine/);
  expect(parse({ path: 5 })).toThrow(/path/);
});

test("names match patterns with stars, in time that grows with the name", () => {
  const cases = { ".env": [".env"], ".env.*": [".env.local"], "*.pem": ["a.pem", "A.PEM"], "a*b*c": ["abc", "axbyc"] };
  for (const [pattern, names] of Object.entries(cases)) for (const name of names) expect(matchesName(name, pattern)).toBe(true);
  for (const [name, pattern] of [
    ["env", ".env"],
    [".env", ".env.*"],
    ["pem", "*.pem"],
    ["ab", "a*b*c"],
    ["aa", "aa*a"],
  ] as const) {
    expect(matchesName(name, pattern)).toBe(false);
  }
  expect(matchesName("a".repeat(100_000), `${"a*".repeat(500)}b`)).toBe(false);
});

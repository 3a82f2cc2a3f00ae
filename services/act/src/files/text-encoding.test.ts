// UTF-16 files, with a byte order mark and without: read whole, by lines and by bytes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actTestContext } from "../../../../test/fixtures/act-test-tool.ts";
import fileRead from "../tools/file-read.ts";
import { encodingOf } from "./text-encoding.ts";

const littleEndian = (text: string): Buffer => Buffer.from(text, "utf16le");
const bigEndian = (text: string): Buffer => littleEndian(text).swap16();
const mark = "\ufeff";
const forms = [
  ["UTF-16LE with a mark", (text: string) => littleEndian(mark + text)],
  ["UTF-16BE with a mark", (text: string) => bigEndian(mark + text)],
  ["UTF-16LE", littleEndian],
  ["UTF-16BE", bigEndian],
  ["UTF-8 with a mark", (text: string) => Buffer.from(mark + text)],
  ["UTF-8", (text: string) => Buffer.from(text)],
] as const;

const report = "Service report\r\nThe quota for Lund is 4812.\r\nĀ Ḋ 😀 ਊ 円 \u3000 end\r\nlast";
const lines = report.split("\r\n");

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nocp-act-encoding-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function read(bytes: Buffer, input: object = {}, name = "file.txt") {
  writeFileSync(join(root, name), bytes);
  return readAgain(input, name);
}

async function readAgain(input: object, name = "file.txt") {
  const checked = fileRead.arguments.parse({ path: name, ...input });
  const found = await fileRead.run(checked, actTestContext({ fileRoots: [root] }, { maxResultBytes: 5_000_000 }));
  return (found as { content: unknown }).content;
}

describe.each(forms)("%s", (_name, encode) => {
  test("is read whole", async () => expect(await read(encode(report))).toBe(report));

  test("is read by lines", async () => {
    expect(await read(encode(report), { fromLine: 1, toLine: 1 })).toBe(`${lines[0]}\r\n`);
    expect(await read(encode(report), { fromLine: 2, toLine: 3 })).toBe(`${lines[1]}\r\n${lines[2]}\r\n`);
    expect(await read(encode(report), { fromLine: 4 })).toBe("last");
    expect(await read(encode(report), { fromLine: 5 })).toBe("");
  });

  test("is read by bytes, wherever they cut", async () => {
    const bytes = encode(report);
    expect(await read(bytes)).toBe(report);
    const contents: string[] = [];
    for (let fromByte = 0; fromByte < bytes.length; fromByte++) {
      for (const byteLength of [1, 2, 3, 4, 7, 50]) contents.push((await readAgain({ fromByte, byteLength })) as string);
    }
    expect(contents).toHaveLength(6 * bytes.length);
    expect(contents.filter((text) => !(report.includes(text) && text.isWellFormed()))).toEqual([]);
  });

  test("is counted in lines also where it is longer than what is read at once", async () => {
    const many = Array.from({ length: 40_000 }, (_, at) => `line ${at + 1} Ā`);
    const bytes = encode(many.join("\n"));
    expect(await read(bytes, { fromLine: 39_998 })).toBe(many.slice(39_997).join("\n"));
    expect(await read(bytes, { fromLine: 20_000, toLine: 20_000 })).toBe(`${many[19_999]}\n`);
  });

  test("is JSON where it is JSON", async () => {
    expect(await read(encode('{"rows": [1, "ä"]}'), {}, "table.json")).toEqual({ rows: [1, "ä"] });
    expect(await read(encode('{"a": 1}\n{"a": 2}\n'), {}, "rows.jsonl")).toEqual([{ a: 1 }, { a: 2 }]);
  });
});

test.each([
  ["bytes that are no text", Buffer.from([0, 1, 2, 255])],
  ["a text that ends in NUL", Buffer.from("needle\0")],
  ["32-bit numbers", Buffer.from(Uint32Array.from({ length: 64 }, (_, at) => at * 77).buffer)],
  ["UTF-16 that ends inside a unit", littleEndian(`${mark}abc`).subarray(0, 7)],
  ["half of a pair", littleEndian("abc \ud83d abc")],
])("%s are refused", async (_what, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({
    code: "TOOL_REFUSED",
    message: expect.stringContaining("neither UTF-8 nor UTF-16"),
  });
});

test("text without a mark is taken for what it is, in any script that has line breaks or spaces", () => {
  const words = fc.array(fc.constantFrom("quota", "für", "Ġħ", "квота", "配額", "クォータ", "حصة", "कोटा", "😀", "12.5"), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (list) => {
      const text = list.map((line) => line.join(" ")).join("\r\n");
      fc.pre(/[\s\d]/.test(text));
      expect([encodingOf(littleEndian(text)), encodingOf(bigEndian(text)), encodingOf(Buffer.from(text))]).toEqual([
        "utf-16le",
        "utf-16be",
        "utf-8",
      ]);
    }),
  );
});

import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, test } from "vitest";
import { maxLineCharacters, readLines } from "./output-lines.ts";

async function linesOf(pieces: Iterable<string | Buffer>, isWanted = () => true): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(pieces, { objectMode: false });
  readLines(stream, { onLine: (line) => void lines.push(line), isWanted });
  await finished(stream);
  return lines;
}

test("lines are told as they are, however they are cut into pieces", async () => {
  expect(await linesOf(["a\nb", "c\r\n", "\n", Buffer.from([0xc3]), Buffer.from([0xa4]), "\nlast"])).toEqual([
    ...["a", "bc", "", "ä", "last"],
  ]);
});

test("of a line of 50 MB the beginning is kept, and the next line is whole", async () => {
  const lines = await linesOf([...Array.from({ length: 50 }, () => "x".repeat(1_000_000)), "\nnext\n"]);
  expect(lines).toEqual(["x".repeat(maxLineCharacters), "next"]);
});

test("of unwanted output the end of each piece is looked at", async () => {
  const lines = await linesOf(["x\n".repeat(1_000_000), "out of memory\n"], () => false);
  expect(lines.length).toBeLessThan(10_000_000 / 64);
  expect(lines.at(-1)).toBe("out of memory");
});

test("a stream that fails fails nobody", () => {
  const stream = new PassThrough();
  readLines(stream, { onLine: () => undefined, isWanted: () => true });
  expect(() => stream.emit("error", new Error("gone"))).not.toThrow();
});

// A turn of any size costs no more than its ledger can hold many times over.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { expect, test } from "vitest";
import { extendLedger } from "./ledger.ts";
import { readParts } from "./read-parts.ts";

const turnOf = (...texts: readonly string[]): SessionTurn => ({
  ...{ v: 1, number: 1, requestId: "r", at: 0, inputTokens: { raw: 1, optimized: 1 } },
  messages: texts.map((text) => ({ role: "user", text })),
});
const filler = (length: number) => "It rained on the hills and in town. ".repeat(Math.ceil(length / 36));

test("messages of ordinary length are read whole", () => {
  const texts = [filler(30_000), "My code is QX-7731.", filler(59_000)];
  expect(readParts(texts)).toEqual(texts);
});

test("a long message is read at both ends, and no word is cut", () => {
  const long = `My code is QX-7731. ${filler(1_000_000)} The gate opens with 554433.`;
  const parts = readParts([long, "Thanks."]);
  expect(parts.reduce((sum, part) => sum + part.length, 0)).toBeLessThanOrEqual(60_007);
  const [first, last, rest] = parts;
  expect(long.startsWith(`${first} `)).toBe(true);
  expect([last?.startsWith(" "), long.endsWith(last ?? "?"), rest]).toEqual([true, true, "Thanks."]);
  expect(extendLedger([], turnOf(long)).map(({ value }) => value)).toEqual(expect.arrayContaining(["QX-7731", "554433"]));
});

test("of a text without a blank nothing is read, for every part of it would be one of a word", () => {
  expect(readParts(["7".repeat(1_000_000)]).join("")).toBe("");
});

test("of many messages the last ones are read, in their order", () => {
  const texts = Array.from({ length: 100 }, (_, at) => `${at}: ${filler(9_000)}`);
  const read = readParts(texts);
  expect(read).toEqual(texts.slice(-read.length));
  expect(read.length).toBeGreaterThan(10);
  expect(read.length).toBeLessThan(20);
});

// Results of tools that are text: prose, tables of commas, lines of JSON, indented files, logs.

import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "../compress.ts";
import { loadStrategies } from "../load-strategies.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

const compress = (query: string, data: unknown, size: { targetRatio?: number; recallFloor?: number } = {}) =>
  compressor.compress({ query, items: [{ kind: "tool", id: "t", name: "fetch", data: data as never }], mode: "auto", ...size });

const filler = (n: number) => `Sentence number ${n} says that the valley of Ostby has ${n * 7} barns and a river.`;
const prose = [...Array.from({ length: 60 }, (_, n) => filler(n)), "The warranty of the pump is 27 months."].join(" ");
const table = [
  "id,customer,city,total",
  ...Array.from({ length: 80 }, (_, n) => `O-${1000 + n},Customer ${n},${n === 41 ? "Tromso" : "Rome"},${n * 1.5}`),
].join("\r\n");
const jsonLines = Array.from({ length: 60 }, (_, n) => JSON.stringify({ id: `O-${1000 + n}`, city: `Town ${n}`, total: n })).join(
  "\n",
);
const yaml = [
  "services:",
  ...Array.from({ length: 40 }, (_, n) => `  unit${n}:\n    image: unit:${n}\n    port: ${9000 + n}`),
].join("\n");
const log = Array.from(
  { length: 400 },
  (_, n) => `2024-05-01T10:${String(n % 60).padStart(2, "0")}:00Z INFO request ${n} served in ${n % 9} ms`,
).join("\n");

describe.each([0.1, 0.3, 0.5])("at %d of the tokens", (targetRatio) => {
  test.each([
    ["prose", prose, "How long is the warranty of the pump?", "27 months"],
    ["commas", table, "Who lives in Tromso?", "Customer 41"],
    ["lines of JSON", jsonLines, "What is the total of O-1033?", "33"],
    ["an indented file", yaml, "Which port has unit17?", "port: 9017"],
    ["a log", log, "How fast was request 217 served?", "request 217 served in 1 ms"],
  ])("%s keeps what the question asks for", async (_, data, query, answer) => {
    const { text, rawTokens, optimizedTokens } = await compress(query, data, { targetRatio });
    expect(text).toContain(answer);
    expect(optimizedTokens).toBeLessThanOrEqual(targetRatio * rawTokens);
    expect(counter.count(text)).toBe(optimizedTokens);
  });
});

test("a line of an indented file stays with the lines it belongs to", async () => {
  const { text } = await compress("Which port has unit17?", yaml, { targetRatio: 0.2 });
  for (const [, unit, image] of text.matchAll(/unit(\d+):\n {4}image: unit:(\d+)/g)) expect(image).toBe(unit);
  expect(text).toMatch(/ {2}unit17:\n {4}image: unit:17\n {4}port: 9017/);
});

test("a log is cut as a log, with and without a size", async () => {
  for (const size of [{}, { targetRatio: 0.3 }]) {
    const { strategies } = await compress("What went wrong?", log, size);
    expect(strategies.map(({ strategy }) => strategy)).toEqual(["log-templates"]);
  }
});

describe("a floor of recall", () => {
  const orders = Array.from({ length: 60 }, (_, n) => ({ id: `O-${1000 + n}`, customer: `Customer ${n}`, total: n * 3.5 }));

  test.each([
    ["rows", orders, "What is the total of O-1017?"],
    ["a log", log, "How fast was request 217 served?"],
    ["prose", prose, "How long is the warranty of the pump?"],
  ])("never empties a result: %s", async (_, data, query) => {
    let before = 0;
    for (const recallFloor of [0.5, 0.7, 0.9, 0.95]) {
      const { optimizedTokens, rawTokens } = await compress(query, data, { recallFloor });
      expect(optimizedTokens).toBeGreaterThan(0.004 * rawTokens);
      expect(optimizedTokens).toBeGreaterThanOrEqual(before);
      before = optimizedTokens;
    }
    const { optimizedTokens, rawTokens, removed } = await compress(query, data, { recallFloor: 1 });
    expect(optimizedTokens).toBe(rawTokens);
    expect(removed).toEqual([]);
  });
});

describe("texts inside a result", () => {
  const lines = (text: string) => ({ path: "a.py", content: text });
  const code = Array.from({ length: 60 }, (_, n) => `def step_${n}(value):\n    total = value * ${n}\n    return total`).join(
    "\n",
  );

  test("keep their lines", async () => {
    const { text } = await compress("What does step_33 return?", lines(code), { targetRatio: 0.3 });
    expect(text).toMatch(/def step_33\(value\):\n {4}total = value \* 33/);
  });

  test("no number and no character is cut in two", async () => {
    const numbers = Array.from({ length: 400 }, (_, n) => `k${n}=${100_000 + n * 37}`).join(",");
    const { text } = await compress("k44?", lines(numbers), { targetRatio: 0.5 });
    for (const [, key, value] of text.matchAll(/k(\d+)=(\d+)/g)) expect(Number(value)).toBe(100_000 + Number(key) * 37);
    const smiles = await compress("a", lines(`a${"😀".repeat(3000)}`), { targetRatio: 0.3 });
    expect(smiles.text.isWellFormed()).toBe(true);
  });
});

test("a limit holds for the joined text, and a ratio of 1 changes nothing", async () => {
  const items = Array.from({ length: 200 }, (_, n) => ({ kind: "document", id: `d${n}`, title: "", text: "word" }) as const);
  const limited = await compressor.compress({ query: "x", items, mode: "auto", maxTokens: 200 });
  expect(counter.count(limited.text)).toBeLessThanOrEqual(200);
  expect(limited.optimizedTokens).toBe(counter.count(limited.text));
  const whole = await compressor.compress({ query: "x", items, mode: "auto", targetRatio: 1 });
  expect(whole.text).toBe(items.map(({ text }) => text).join("\n\n"));
});

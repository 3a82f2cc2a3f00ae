// The compressor's planning, with strategies made for the purpose and a counter that counts words.

import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import type { CompressionInput, CompressionStrategy } from "./compression-strategy.ts";

const words: TokenCounter = { encoding: "words", accuracy: "exact", count: (text) => text.match(/\S+/g)?.length ?? 0 };

/** Keeps the first words of each item, in proportion. */
function headStrategy(
  name: string,
  kind: ContextItem["kind"],
  overrides: Partial<CompressionStrategy> = {},
): CompressionStrategy {
  return {
    name,
    description: "Keeps the first words of each item.",
    loss: "recoverable",
    takes: (item) => item.kind === kind,
    estimate: ({ budgetTokens }) => ({ tokens: budgetTokens, expectedRecall: 0.8 }),
    compress: ({ items, budgetTokens }: CompressionInput) => {
      const raw = items.reduce((sum, item) => sum + item.tokens, 0);
      const pieces = items.map(({ item, text, tokens }) => {
        const kept = text.split(/\s+/).slice(0, Math.floor((tokens * budgetTokens) / raw));
        return { itemId: item.id, text: kept.join(" "), tokens: kept.length, removed: true };
      });
      return { pieces, justification: `kept ${budgetTokens} words` };
    },
    ...overrides,
  };
}

const wordsText = (count: number): string => Array.from({ length: count }, (_, at) => `w${at}`).join(" ");
const document = (id: string, count: number): ContextItem => ({ kind: "document", id, title: "", text: wordsText(count) });
const message = (id: string, count: number): ContextItem => ({ kind: "message", id, role: "user", text: wordsText(count - 1) });

const compressorOf = (...strategies: CompressionStrategy[]) =>
  createCompressor({
    strategies,
    counterFor: () => words,
    rules: { minTokens: 100, minSavedShare: 0.1, defaultRatio: { document: 0.4, message: 0.5, tool: 0.3 }, toolThresholds: {} },
  });

describe("without a size in the request", () => {
  test("a small context stays as it is", async () => {
    const result = await compressorOf(headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 99)],
      mode: "auto",
    });
    expect(result).toMatchObject({ text: wordsText(99), rawTokens: 99, optimizedTokens: 99, strategies: [], removed: [] });
  });

  test("each kind of item is cut to its own share, with the reason in numbers", async () => {
    const result = await compressorOf(headStrategy("head-d", "document"), headStrategy("head-m", "message")).compress({
      query: "",
      items: [document("d", 1000), message("m", 200)],
      mode: "auto",
    });
    expect(result.strategies).toEqual([
      {
        strategy: "head-m",
        itemIds: ["m"],
        before: 200,
        after: 100,
        justification:
          "kept 100 words; saves 100 of 200 tokens = 100 tokens uncached, no price known for the model; fetch back 20 % = 40 tokens; net 60 tokens",
        worth: expect.objectContaining({ unit: "tokens", saved: 100, net: expect.closeTo(60) }),
      },
      {
        strategy: "head-d",
        itemIds: ["d"],
        before: 1000,
        after: 400,
        justification:
          "kept 400 words; saves 600 of 1,000 tokens = 600 tokens uncached, no price known for the model; fetch back 20 % = 200 tokens; net 400 tokens",
        worth: expect.objectContaining({ unit: "tokens", saved: 600, net: expect.closeTo(400) }),
      },
    ]);
    expect(result).toMatchObject({ rawTokens: 1200, optimizedTokens: 500 });
  });

  test("a compression that saves too little is thrown away", async () => {
    const strategy = headStrategy("idle", "document", {
      compress: ({ items }) => ({
        pieces: items.map(({ item, text, tokens }) => ({ itemId: item.id, text, tokens: Math.min(tokens, 380), removed: false })),
        justification: "kept all",
      }),
    });
    const lenient = createCompressor({
      strategies: [strategy],
      counterFor: () => words,
      rules: { minTokens: 100, minSavedShare: 0.7, defaultRatio: { document: 0.4, message: 0.5, tool: 0.3 }, toolThresholds: {} },
    });
    const result = await lenient.compress({ query: "", items: [document("d", 1000)], mode: "auto" });
    expect(result.strategies[0]).toMatchObject({ strategy: "none", after: 1000 });
    expect(result.strategies[0]?.justification).toContain("62 %, less than 70 %");
    expect(result.optimizedTokens).toBe(1000);
  });

  test("mode off compresses nothing", async () => {
    const result = await compressorOf(headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 1000)],
      targetRatio: 0.1,
      mode: "off",
    });
    expect(result).toMatchObject({ optimizedTokens: 1000, strategies: [] });
  });

  test("a floor of recall is bought with as few tokens as the estimate allows", async () => {
    const strategy = headStrategy("head", "document", {
      estimate: ({ budgetTokens }) => ({ tokens: budgetTokens, expectedRecall: Math.min(1, budgetTokens / 1000) }),
    });
    const result = await compressorOf(strategy).compress({
      query: "",
      items: [document("d", 1000)],
      recallFloor: 0.7,
      mode: "auto",
    });
    expect(result.optimizedTokens).toBeGreaterThanOrEqual(699);
    expect(result.optimizedTokens).toBeLessThanOrEqual(702);
  });
});

describe("with a size in the request", () => {
  test("a context that fits stays as it is", async () => {
    const result = await compressorOf(headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 500)],
      maxTokens: 500,
      mode: "auto",
    });
    expect(result).toMatchObject({ optimizedTokens: 500, strategies: [] });
  });

  test("the smaller of ratio and maximum holds, and even a small context is cut", async () => {
    const result = await compressorOf(headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 50)],
      targetRatio: 0.5,
      maxTokens: 10,
      mode: "auto",
    });
    expect(result.optimizedTokens).toBe(10);
  });

  test("what a group leaves over goes to the next", async () => {
    const frugal = headStrategy("frugal", "message", {
      compress: ({ items }) => ({
        pieces: items.map(({ item }) => ({ itemId: item.id, text: "short", tokens: 1, removed: true })),
        justification: "kept 1 word",
      }),
    });
    const result = await compressorOf(frugal, headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 1000), message("m", 500)],
      maxTokens: 600,
      mode: "auto",
    });
    expect(result.strategies.map(({ strategy, after }) => [strategy, after])).toEqual([
      ["frugal", 1],
      ["head", 599],
    ]);
  });

  test("items that no strategy takes stay raw and are paid from the same budget", async () => {
    const result = await compressorOf(headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 1000), message("m", 100)],
      maxTokens: 300,
      mode: "auto",
    });
    expect(result.pieces.map(({ tokens }) => tokens)).toEqual([200, 100]);
    expect(result.warnings).toEqual([]);
  });
});

describe("strategies", () => {
  test("the one that expects to keep most is chosen for each item", async () => {
    const good = headStrategy("good", "document", {
      estimate: ({ budgetTokens }) => ({ tokens: budgetTokens, expectedRecall: 0.9 }),
    });
    const result = await compressorOf(headStrategy("fair", "document"), good).compress({
      query: "",
      items: [document("d", 1000)],
      targetRatio: 0.3,
      mode: "auto",
    });
    expect(result.strategies.map(({ strategy }) => strategy)).toEqual(["good"]);
  });

  const failures: readonly [string, Partial<CompressionStrategy>, string][] = [
    [
      "throws",
      {
        compress: () => {
          throw new Error("out of luck");
        },
      },
      "out of luck",
    ],
    [
      "takes more than its budget",
      {
        compress: ({ items }) => ({
          pieces: items.map(({ item, text, tokens }) => ({ itemId: item.id, text, tokens, removed: false })),
          justification: "",
        }),
      },
      "took 1000 tokens of a budget of 300",
    ],
    ["loses a piece", { compress: () => ({ pieces: [], justification: "" }) }, "returned 0 pieces for 1 items"],
  ];
  test.each(failures)("one that %s leaves the raw items and a warning", async (_, broken, reason) => {
    const items = [document("d", 1000)];
    const result = await compressorOf(headStrategy("broken", "document", broken)).compress({
      query: "",
      items,
      targetRatio: 0.3,
      mode: "auto",
    });
    expect(result.text).toBe(wordsText(1000));
    expect(result.removed).toEqual([]);
    expect(result.warnings).toEqual([
      { code: "COMPRESSION_FAILED", message: expect.stringContaining(reason) },
      { code: "BUDGET_EXCEEDED", message: expect.stringContaining("1000 tokens, but the limit is 300") },
    ]);
  });

  test("the next one is asked when the first fails", async () => {
    const broken = headStrategy("broken", "document", {
      estimate: () => ({ tokens: 1, expectedRecall: 1 }),
      compress: () => Promise.reject(new Error("not today")),
    });
    const result = await compressorOf(broken, headStrategy("head", "document")).compress({
      query: "",
      items: [document("d", 1000)],
      targetRatio: 0.3,
      mode: "auto",
    });
    expect(result.optimizedTokens).toBe(300);
    expect(result.warnings).toHaveLength(1);
  });

  test("only those the request names are used, and an unknown name is an error that lists them", async () => {
    const compressor = compressorOf(headStrategy("head-d", "document"), headStrategy("head-m", "message"));
    const items = [document("d", 1000), message("m", 1000)];
    const result = await compressor.compress({ query: "", items, targetRatio: 0.6, strategies: ["head-m"], mode: "auto" });
    expect(result.strategies.map(({ strategy }) => strategy)).toEqual(["head-m"]);
    await expect(compressor.compress({ query: "", items, strategies: ["zip"], mode: "auto" })).rejects.toMatchObject({
      code: "UNKNOWN_STRATEGY",
      message: expect.stringContaining("head-d, head-m"),
    });
  });
});

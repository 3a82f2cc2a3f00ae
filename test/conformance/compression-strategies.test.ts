// What every compression strategy keeps to. It lists the folder: a new strategy is covered without a change here.
import { readdirSync } from "node:fs";
import {
  type CompressionInput,
  type CompressionOutput,
  CompressionRefused,
  type CompressionStrategy,
} from "@nocp/assess/compression-strategy.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { measureItems, renderItem, sumTokens } from "@nocp/assess/measure-items.ts";
import { meterServices } from "@nocp/assess/meter-services.ts";
import { modelServicesOf } from "@nocp/assess/model-settings.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { afterAll, describe, expect, test } from "vitest";
import { startOpenAiTestServer } from "../servers/openai-test-server.ts";

const counter = createTokenCounter("gpt-4o");
const fileNames = readdirSync(new URL("../../services/assess/src/compression-strategies", import.meta.url))
  .filter((name) => !name.endsWith(".test.ts"))
  .sort();
const strategies = await loadStrategies();
// Strategies that ask a model get one that is no model.
const server = await startOpenAiTestServer();
afterAll(() => server.close());
const embedding = { batchSize: 128, queryPrefix: "", passagePrefix: "", cacheMiB: 1 };
const endpoint = { baseUrl: server.baseUrl, apiKey: "", timeoutMs: 30_000, model: "test-model", ...embedding };
const { services } = meterServices(modelServicesOf(endpoint, endpoint), () => null, Date.now);

const prose = (topic: string): string =>
  Array.from(
    { length: 40 },
    (_, at) => `Paragraph ${at} about ${topic} says that part ${at * 7} was built in ${1900 + at}.`,
  ).join(" ");

const ordinary: readonly ContextItem[] = [
  { kind: "document", id: "d1", title: "Bridges", text: prose("bridges") },
  { kind: "document", id: "d2", title: "", text: prose("tunnels") },
  ...Array.from(
    { length: 30 },
    (_, at): ContextItem => ({
      kind: "message",
      id: `m${at}`,
      role: at % 2 === 0 ? "user" : "assistant",
      text: `Turn ${at}: order AB-${1000 + at} concerns ${at % 3 === 0 ? "bridges" : "something else"}, doesn't it?`,
    }),
  ),
  { kind: "message", id: "json", role: "tool", text: JSON.stringify({ order: "AB-1001", status: "sent", lines: [1, 2, 3] }) },
  {
    kind: "tool",
    id: "t1",
    name: "orders.search",
    data: Array.from({ length: 40 }, (_, at) => ({
      id: `AB-${1000 + at}`,
      status: at === 7 ? "failed" : "sent",
      total: at * 1.5,
      url: null,
    })),
  },
  { kind: "tool", id: "t2", name: "file.read", data: prose("logs").replaceAll(". ", ".\n") },
  { kind: "document", id: "d3", title: "Bridges again", text: `${prose("bridges")}\n\nAnd no more.` },
  ...Array.from(
    { length: 8 },
    (_, at): ContextItem => ({
      kind: "tool",
      id: `round-${at}`,
      name: "orders.get",
      round: at + 1,
      data: { note: prose(`order ${at}`) },
    }),
  ),
];

const hostileTexts: Readonly<Record<string, string>> = {
  empty: "",
  blank: " \n\t\n ",
  underscores: "_".repeat(200_000),
  "one sentence of a megabyte": "an endless sentence that goes on and ".repeat(28_000),
  "no spaces": "x".repeat(300_000),
  "lone surrogates": "\ud83d \udc00".repeat(5_000),
  "combining marks": `a${"\u0301".repeat(20_000)}`,
  "Chinese without spaces": "北京是中华人民共和国的首都".repeat(2_000),
  "right to left": "القاهرة هي عاصمة جمهورية مصر العربية. ".repeat(500),
  brackets: "[".repeat(50_000),
};

const itemsOf = (text: string): readonly ContextItem[] => [
  { kind: "document", id: "d", title: "Title", text },
  { kind: "message", id: "m", role: "user", text },
  { kind: "tool", id: "t", name: "file.read", data: { content: text } },
  { kind: "tool", id: "u", name: "file.read", data: text },
];

function inputOf(strategy: CompressionStrategy, items: readonly ContextItem[], ratio: number): CompressionInput {
  const taken = measureItems(
    items.filter((item) => strategy.takes(item)),
    counter,
  );
  const rawTokens = taken.reduce((sum, item) => sum + item.tokens, 0);
  return {
    items: taken,
    query: "Which bridges does order AB-1003 concern?",
    budgetTokens: Math.floor(rawTokens * ratio),
    counter,
    services,
  };
}

/** @returns undefined when a strategy that asks a model refuses what the model wrote. */
async function outcomeOf(strategy: CompressionStrategy, input: CompressionInput): Promise<CompressionOutput | undefined> {
  try {
    return await strategy.compress(input);
  } catch (error) {
    if (strategy.requires !== undefined && error instanceof CompressionRefused) return undefined;
    throw error;
  }
}

async function checkedOutput(strategy: CompressionStrategy, input: CompressionInput) {
  const output = await outcomeOf(strategy, input);
  if (output === undefined) return undefined;
  expect(output.pieces.map((piece) => piece.itemId)).toEqual(input.items.map(({ item }) => item.id));
  const counted = output.pieces.reduce((sum, piece) => sum + (piece.text === "" ? 0 : counter.count(piece.text)), 0);
  // What comes before the cutting to size knows no budget, but nothing may grow.
  const limitTokens = strategy.phase === "prepare" ? sumTokens(input.items) : input.budgetTokens;
  expect(counted).toBeLessThanOrEqual(limitTokens);
  expect(sumTokens(output.pieces)).toBeLessThanOrEqual(limitTokens);
  output.pieces.forEach((piece, at) => {
    if (piece.item) expect(renderItem(piece.item)).toBe(piece.text);
    if (strategy.phase === "prepare") expect(piece.tokens).toBeLessThanOrEqual(input.items[at]?.tokens ?? 0);
  });
  for (const piece of output.pieces) if (piece.text === "") expect(piece.tokens).toBe(0);
  return output;
}

test("there are strategies for documents, messages and tool results", () => {
  for (const item of ordinary) expect(strategies.some((strategy) => strategy.takes(item))).toBe(true);
});

describe.each(strategies.map((strategy, at) => ({ file: fileNames[at], strategy })))("$file", ({ file, strategy }) => {
  test("is named like its file, describes itself in a sentence and declares what it loses", () => {
    expect(`${strategy.name}.ts`).toBe(file);
    expect(strategy.description).toMatch(/^[A-Z].{20,}\.$/s);
    expect(["lossless", "recoverable", "lossy"]).toContain(strategy.loss);
  });

  test("takes an item or does not, whenever it is asked", () => {
    for (const item of ordinary) expect(strategy.takes(structuredClone(item))).toBe(strategy.takes(item));
  });

  test.each([0.6, 0.3, 0.05])("keeps to a budget of %d of the tokens, with one piece for each item", async (ratio) => {
    const input = inputOf(strategy, ordinary, ratio);
    const output = await checkedOutput(strategy, input);
    if (output === undefined) throw new Error("refused");
    expect(output.justification).toMatch(/\d/);
    output.pieces.forEach((piece, at) => {
      if (!piece.removed && strategy.loss !== "lossless") expect(piece.text).toBe(input.items[at]?.text);
    });
  });

  test("keeps to a budget of nothing", async () => {
    const output = await checkedOutput(strategy, { ...inputOf(strategy, ordinary, 1), budgetTokens: 0 });
    if (strategy.phase !== "prepare") expect(output?.pieces.every((piece) => piece.text === "")).toBe(true);
  });

  test("answers the same to the same input", async () => {
    const input = inputOf(strategy, ordinary, 0.3);
    expect(await outcomeOf(strategy, input)).toEqual(await outcomeOf(strategy, input));
  });

  test("estimates no more tokens than there are, and a recall between 0 and 1 that does not fall with the budget", () => {
    const estimates = [0, 0.1, 0.3, 0.6, 1].map((ratio) => strategy.estimate(inputOf(strategy, ordinary, ratio)));
    for (const { tokens, expectedRecall } of estimates) {
      expect(tokens).toBeGreaterThanOrEqual(0);
      expect(expectedRecall).toBeGreaterThanOrEqual(0);
      expect(expectedRecall).toBeLessThanOrEqual(1);
    }
    const recalls = estimates.map(({ expectedRecall }) => expectedRecall);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
  });

  test("works without a question and without items", async () => {
    await checkedOutput(strategy, { ...inputOf(strategy, ordinary, 0.3), query: "" });
    expect((await strategy.compress(inputOf(strategy, [], 0.3))).pieces).toEqual([]);
  });

  test.each(Object.keys(hostileTexts))("survives hostile text: %s", async (name) => {
    await checkedOutput(strategy, inputOf(strategy, itemsOf(hostileTexts[name] ?? ""), 0.3));
  });
});

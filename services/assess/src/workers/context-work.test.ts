// A worker thread makes the same of a context as the main thread.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { headWithTurn, newSessionHead } from "@nocp/runtime/stores/sessions/session-head.ts";
import { largeSize } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, WorkerCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { afterAll, describe, expect, test } from "vitest";
import { contextItems } from "../../../../test/fixtures/context-items.ts";
import { defaultBudgetRules } from "../budget.ts";
import { type CompressedContext, type CompressionRequest, createCompressor } from "../compress.ts";
import { type ConversationRules, fitConversation } from "../conversation/fit-conversation.ts";
import { createTurnFacts, readTurns } from "../conversation/turn-facts.ts";
import { loadStrategies } from "../load-strategies.ts";
import type { Distiller, Embedder, ModelCall, ModelServices, PriceOfCall } from "../model-services.ts";
import { pricesOf } from "../target-prices.ts";
import { pooledWork, workHere } from "./context-work.ts";
import { sizeOfItems } from "./size-of-items.ts";
import { sentContext } from "./work-tasks.ts";

const defaultModel = "gpt-4o";
const factor = 1.37;
const counterFor = (model: string = defaultModel) => createTokenCounter(model, () => ({ factor, samples: 9 }));
const own = { strategies: await loadStrategies(), counterFor, defaultModel, pricesFor: pricesOf(defaultModel, () => 0) };
const compressor = createCompressor(own);
const workerData = { defaultModel, rules: defaultBudgetRules };
const script = new URL("./context-worker.ts", import.meta.url);
const pool = createWorkerPool({ script, size: 1, memoryMiB: 256, idleMs: 60_000, workerData });
afterAll(() => pool.close());
const pooled = pooledWork({ ...own, compressor, pool, services: {} });
const unused: WorkerPool = { run: () => Promise.reject(new Error("the pool was asked")), close: async () => undefined };

const large = Number.POSITIVE_INFINITY;
const archiveScope = { tenant: "default", kind: "request", id: "r-1" } as const;
const signal = new AbortController().signal;
const query = "Which order failed, and when was the bridge of Lisbon built?";
const requestOf = (items: readonly ContextItem[], rest: Partial<CompressionRequest> = {}): CompressionRequest => ({
  ...{ mode: "auto", query, items, archiveScope, targetRatio: 0.4 },
  ...rest,
});
/** Bytes compare whatever class holds them. */
const withText = (bundle: ArchiveBundle) => ({ ...bundle, bytes: Buffer.from(bundle.bytes).toString("base64") });
const comparable = (context: CompressedContext) => ({
  ...sentContext(context),
  bundle: context.bundle && withText(context.bundle),
  payloads: context.payloads.map(withText),
});

const tool = (id: string, data: unknown): ContextItem => ({ kind: "tool", id, name: "orders.search", data: data as never });
const text = (id: string, content: string): ContextItem => ({ kind: "document", id, title: "", text: content });
const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}1${"]".repeat(depth)}`);
const numbers = '[{"account":12345678901234567890123,"paid":0.10000000000000000000001,"big":1e999}]';
const rows = Array.from({ length: 200 }, (_, at) => ({ id: `AB-${at}`, status: at === 7 ? "failed" : "sent", total: at * 1.5 }));
const special: readonly ContextItem[] = [
  tool("rows", rows),
  tool("digits", parseExactly(numbers)),
  tool("proto", JSON.parse('{"__proto__":{"a":1},"constructor":2}')),
  text("surrogates", "\ud800".repeat(3000)),
  text("zero-width", "\u200b a.".repeat(3000)),
  text("bridge", "The bridge of Lisbon was built in 1966. ".repeat(120)),
];
const image = `data:image/png;base64,${Buffer.alloc(3000).toString("base64")}`;
/** Its way to the thread and back takes half a second, whatever is done with it. */
const deep = tool("deep", nested(20_000));

describe("the same comes out", () => {
  test.each<[string, readonly ContextItem[], Partial<CompressionRequest>]>([
    ["of items of every kind", contextItems, {}],
    ["of numbers that keep their digits, depth, keys like __proto__ and unpaired surrogates", [...special, deep], {}],
    ["without a size", special, { targetRatio: undefined }],
    ["with a floor of recall", [...contextItems, ...special], { targetRatio: undefined, recallFloor: 0.9 }],
    ["within a limit of tokens that cannot be kept", special, { targetRatio: undefined, maxTokens: 3 }],
    ["without loss", [...contextItems, ...special, deep], { mode: "lossless", targetRatio: undefined }],
    [
      "with references for binary data",
      [...special, tool("image", { data: image })],
      { mode: "lossless", payloadTenant: "acme" },
    ],
    ["for a model whose tokens are calibrated", contextItems, { model: "claude-haiku-4-5", provider: "anthropic" }],
    ["by strategies that the request names", special, { strategies: ["json-projection"] }],
    ["in a prefix that is cached", special, { cached: { itemIds: new Set(["rows", "bridge"]), tokensAfter: 50 }, turns: 3 }],
    ["with a list of what was removed", special, { explain: true }],
    ["without an archive", special, { archiveScope: undefined }],
  ])("%s", async (_what, items, rest) => {
    const request = requestOf(items, rest);
    expect(comparable(await pooled.compress(request, large))).toEqual(comparable(await compressor.compress(request)));
  });

  test.each(["gpt-4o", "claude-haiku-4-5"])("when a large prompt for %s is counted", async (model) => {
    const long = `${"The bridge of Lisbon. ".repeat(largeSize / 20)}\ud800`;
    const call = { id: "1", name: "orders.search", arguments: parseExactly('{"account":12345678901234567890123}') as never };
    const prompt: Prompt = {
      ...{ system: "Be brief.", context: long, contextMark: "m1", query, history: [{ role: "user", text: "Hello" }] },
      toolRounds: [{ role: "assistant", text: "", toolRequests: [call] }],
      tools: [
        { name: "orders.search", description: "Finds.", parameters: { type: "object", properties: { a: { type: "string" } } } },
      ],
    };
    const counter = counterFor(model);
    expect(await pooled.countPrompt(prompt, { counter, signal })).toBe(countPrompt(counter, prompt));
  });
});

const short = (text: string) => `${text} The bridge of Lisbon was built in 1966.`;
const longLines = Array.from({ length: 400 }, (_, at) => `2026-06-01 10:00:${at % 60} INFO worker ${at % 8} took ${at} ms`);
const longTurns = Array.from(
  { length: 30 },
  (_, at): SessionTurn => ({
    ...{ v: 1, number: at + 1, requestId: `r-${at}`, at, inputTokens: { raw: 1, optimized: 1 } },
    messages: [
      { role: "user", text: short(`Order AB-${at} of 12 May failed. `.repeat(120)) },
      { role: "assistant", text: `We decided to send order AB-${at} again.` },
    ],
  }),
);

describe.each(["gpt-4o", "claude-haiku-4-5"])("the same comes out for %s", (model) => {
  const counter = counterFor(model);
  const how = { counter, signal };
  const here = workHere(compressor);

  test("when texts are counted, and when they are written without a loss", async () => {
    const texts = [longLines.join("\n"), short("x".repeat(largeSize)), "small", JSON.stringify(rows)];
    expect(await pooled.countTexts(texts, how)).toBe(await here.countTexts(texts, how));
    const shortened = await pooled.shortenTexts(texts, how);
    expect(shortened).toEqual(await here.shortenTexts(texts, how));
    expect(shortened[0]?.after).toBeLessThan(shortened[0]?.before as number);
    const [referred] = await pooled.shortenTexts([`${image} ${longLines.join("\n")}`], how, "acme");
    expect(referred?.referred?.tokens).toBeLessThan(referred?.after as number);
    expect(referred?.referred?.bundles).toMatchObject([{ scope: { tenant: "acme", kind: "tenant" } }]);
  });

  test("of a long conversation", async () => {
    const facts = createTurnFacts();
    const readings = await pooled.readTurns(longTurns, counter, signal);
    expect(readings).toEqual(readTurns(longTurns, counter));
    facts.learn(longTurns, counter, readings);
    expect(facts.unknownOf(longTurns, counter)).toEqual([]);
    const summary = { previous: "[1] user: Before.", turns: longTurns, maxTokens: 300, counter, signal };
    expect(await pooled.extractSummary(summary)).toBe(await here.extractSummary(summary));
    const limits: ConversationRules = { maxTokens: 2000, lastTurns: 2, compactAfterTokens: 200, olderRatio: 0.5 };
    const head = longTurns.reduce(headWithTurn, newSessionHead({ tenant: "default", id: "s" }, "e", 0));
    const input = { head, turns: longTurns, query: "What became of order AB-7?", rules: limits, counter, facts };
    expect(await pooled.fitConversation(input, signal)).toEqual(fitConversation(input));
  });
});

describe("the main thread keeps", () => {
  const without = pooledWork({ ...own, compressor, pool: unused, services: {} });
  const prompt = (context: string): Prompt => ({ system: "", context, query, history: [], toolRounds: [], tools: [] });
  const counted = { counter: counterFor(), signal };

  test("what is small", async () => {
    const small = await without.compress(requestOf(contextItems), largeSize - 1);
    expect(small.strategies).not.toEqual([]);
    await expect(without.compress(requestOf(contextItems), largeSize)).rejects.toThrow("the pool was asked");
    expect(await without.countPrompt(prompt("small"), counted)).toBeGreaterThan(0);
    await expect(without.countPrompt(prompt("x".repeat(largeSize)), counted)).rejects.toThrow("the pool was asked");
  });

  test("what is large in the conversation, the calls or the tools is not small", async () => {
    const long = "x".repeat(largeSize);
    const message = { role: "assistant", text: "" } as const;
    const call = { id: "1", name: "t", arguments: { long } };
    const prompts: Partial<Prompt>[] = [
      { history: [{ ...message, text: long }] },
      { toolRounds: [{ ...message, toolRequests: [call] }] },
      { tools: [{ name: "t", description: "", parameters: { long } }] },
    ];
    for (const rest of prompts) {
      await expect(without.countPrompt({ ...prompt(""), ...rest }, counted)).rejects.toThrow("the pool was asked");
    }
  });

  test("texts and turns that are small", async () => {
    const [turn] = longTurns;
    const turns = [turn as SessionTurn];
    expect(await without.countTexts(["small"], counted)).toBe(1);
    expect(await without.shortenTexts(["small"], counted)).toHaveLength(1);
    expect(await without.readTurns(turns, counted.counter, signal)).toHaveLength(1);
    await expect(without.countTexts(["x".repeat(largeSize)], counted)).rejects.toThrow("the pool was asked");
    await expect(without.readTurns(longTurns, counted.counter, signal)).rejects.toThrow("the pool was asked");
  });

  test("no text of many short lines, which takes longer than its characters do", async () => {
    const lines = "a\n".repeat(largeSize / 10);
    await expect(without.shortenTexts([lines], counted)).rejects.toThrow("the pool was asked");
    expect(sizeOfItems("", [text("lines", lines)])).toBeGreaterThan(largeSize);
    expect(sizeOfItems(lines, [])).toBeGreaterThan(largeSize);
  });

  test("texts as they are, where their thread crashed", async () => {
    const crashing: WorkerPool = { ...unused, run: () => Promise.reject(new WorkerCrashed("it needs more memory")) };
    const work = pooledWork({ ...own, compressor, pool: crashing, services: {} });
    const lines = longLines.join("\n").repeat(10);
    expect(await work.shortenTexts([lines], counted)).toMatchObject([{ text: lines }]);
    expect(await work.readTurns(longTurns, counted.counter, signal)).toEqual(readTurns(longTurns, counted.counter));
  });

  test("a count whose thread crashed", async () => {
    const crashing: WorkerPool = { ...unused, run: () => Promise.reject(new WorkerCrashed("it needs more memory")) };
    const work = pooledWork({ ...own, compressor, pool: crashing, services: {} });
    const long = prompt("The bridge. ".repeat(largeSize));
    expect(await work.countPrompt(long, counted)).toBe(countPrompt(counted.counter, long));
  });
});

describe("models that help are called from the main thread", () => {
  const passages = Array.from({ length: 60 }, (_, at) =>
    text(
      `p${at}`,
      `Passage ${at} tells of a harbour. The bridge of Lisbon was built in ${1900 + at}. ${"It rained there. ".repeat(20)}`,
    ),
  );
  const priceOfCall: PriceOfCall = ({ inputTokens, outputTokens }) => (inputTokens + 4 * outputTokens) / 1e7;
  const embedder: Embedder = {
    model: "embedding",
    embed: async (texts) => ({ vectors: texts.map((one) => [one.length % 7, 1]), inputTokens: texts.length }),
  };
  const distiller: Distiller = {
    model: "small",
    complete: async ({ user }) => ({ text: user.slice(0, 200), inputTokens: 100, outputTokens: 40 }),
  };
  const withModels = (services: ModelServices) => {
    const all = { ...own, services, priceOfCall, now: () => 0 };
    return { here: createCompressor(all), pooled: pooledWork({ ...all, compressor: createCompressor(all), pool }) };
  };

  test.each<[string, ModelServices, string[] | undefined]>([
    ["an embedder", { embedder }, undefined],
    ["a distillation model", { distiller }, ["distillation"]],
    ["both", { embedder, distiller }, undefined],
  ])("with %s the same comes out, with the same calls on the bill", async (_what, services, named) => {
    const work = withModels(services);
    const bills: [ModelCall[], ModelCall[]] = [[], []];
    const asked = (at: 0 | 1) => requestOf(passages, { strategies: named, onModelCall: (call) => bills[at].push(call) });
    const expected = await work.here.compress(asked(0));
    expect(comparable(await work.pooled.compress(asked(1), large))).toEqual(comparable(expected));
    expect(bills[1]).toEqual(bills[0]);
    expect(bills[0].length).toBeGreaterThan(0);
  });

  test("a model that fails leaves the items to the other strategies, with the same warning", async () => {
    const failing = { ...embedder, embed: () => Promise.reject(new NocpError("PROVIDER_UNAVAILABLE", "it is away")) };
    const work = withModels({ embedder: failing });
    const { warnings } = await work.here.compress(requestOf(passages));
    expect((await work.pooled.compress(requestOf(passages), large)).warnings).toEqual(warnings);
    expect(warnings).not.toEqual([]);
  });
});

test("a strategy that does not exist is refused before anything is sent", async () => {
  const request = requestOf(contextItems, { strategies: ["zip"] });
  await expect(pooled.compress(request, large)).rejects.toMatchObject({ code: "UNKNOWN_STRATEGY" });
});

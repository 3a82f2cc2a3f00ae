import { type NocpResult, resultSchema } from "@nocp/contracts/result.ts";
import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { describe, expect, it } from "vitest";
import { completionReceived, handlerContext } from "../../../test/fixtures/completion-example.ts";
import { createHandler } from "./handle.ts";
import { answerWorkHere } from "./workers/answer-work.ts";

const handle = createHandler({
  work: answerWorkHere({
    formats: await loadFormats(),
    validator: createSchemaValidator({ maxBytes: 100_000, cacheSize: 8, timeoutMs: 30_000 }),
    maxComparedBytes: 100_000,
    counterFor: createTokenCounter,
  }),
  keepTurn: async () => undefined,
});
const { count } = createTokenCounter("gpt-4o");

async function resultOf(...message: Parameters<typeof completionReceived>): Promise<NocpResult> {
  const emissions = await handle({ fact: "completion.received", body: completionReceived(...message) }, handlerContext());
  expect(emissions).toHaveLength(1);
  expect(emissions[0]?.fact).toBe("response.ready");
  return resultSchema.parse(emissions[0]?.body);
}

const table = Array.from({ length: 20 }, (_, id) => ({ id, city: `City ${id}`, open: id % 2 === 0 }));
const citySchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

describe("articulate", () => {
  it("hands back a text answer as it is, with the whole bill", async () => {
    const result = await resultOf("Paris.");
    expect(result).toMatchObject({
      status: "succeeded",
      answer: "Paris.",
      format: "text",
      error: null,
      usage: { inputTokens: 120, outputTokens: 30, cacheReadTokens: 20 },
      tokens: { input: { raw: 1000, optimized: 120 }, output: { raw: 2, optimized: 2 } },
      cost: { usd: 0.002, baselineUsd: 0.01, priceTable: "prices 1" },
      latency: {
        totalMs: 1000,
        queueWaitMs: 10,
        modelMs: 400,
        stageMs: { act: 10, assess: 20, "llm-router": 100, articulate: 5 },
      },
      provider: "openai",
      model: "gpt-4o",
      sessionId: "s1",
      tenant: "acme",
      metadata: { ticket: "42" },
      traceId: "0af7651916cd43dd8448eb211c80319c",
      completedAt: 2000,
      confidence: { score: 1, parts: { support: 1, finish: 1 } },
    });
    expect(result.journey.map(({ stage }) => stage)).toEqual(["act", "assess", "llm-router", "articulate"]);
  });

  it("hands on the list of what compression removed", async () => {
    const removed = [{ itemId: "d", strategy: "sentence-selection", why: "kept 2 of 9 units", parts: [] }];
    const body = { ...completionReceived("Paris."), removed };
    const [emission] = await handle({ fact: "completion.received", body }, handlerContext());
    expect(resultSchema.parse(emission?.body).removed).toEqual(removed);
    expect(await resultOf("Paris.")).not.toHaveProperty("removed");
  });

  it("writes a JSON answer in the fewest tokens, measured against compact JSON and not against the model's blanks", async () => {
    const result = await resultOf(JSON.stringify(table, null, 2));
    expect(result.format).toBe("csv");
    expect(result.tokens.output.raw).toBe(count(JSON.stringify(table)));
    expect(result.tokens.output.optimized).toBe(count(result.answer ?? ""));
    expect(result.tokens.output.optimized).toBeLessThan(0.7 * result.tokens.output.raw);
  });

  it("leaves prose that holds some JSON as it is when no schema was given", async () => {
    const text = 'Use {"a": 1} for it.';
    expect(await resultOf(text)).toMatchObject({ answer: text, format: "text" });
  });

  it("takes the JSON that satisfies the schema out of fences and prose", async () => {
    const schema = { ...citySchema, additionalProperties: false };
    const result = await resultOf('As in [1]:\n```json\n{"city": "Paris"}\n```\nGlad to help.', { schema, format: "json" });
    expect(result).toMatchObject({
      status: "succeeded",
      answer: '{"city":"Paris"}',
      format: "json",
      confidence: { parts: { schema: 1 } },
    });
  });

  it("fails an answer that does not satisfy the schema, names the path, and still states what it cost", async () => {
    const result = await resultOf('{"city": 7}', { schema: citySchema });
    expect(result).toMatchObject({
      status: "failed",
      answer: null,
      format: null,
      confidence: null,
      error: { code: "ANSWER_SCHEMA_MISMATCH", message: "the answer does not match: /city must be string", stage: "articulate" },
      cost: { usd: 0.002 },
      usage: { outputTokens: 30 },
    });
    expect(result.error?.advice).toBeTruthy();
  });

  it("says that an answer without the JSON asked for was cut", async () => {
    const { completion } = completionReceived("");
    const cut = { ...completion, text: '{"city": "Par', finishReason: "length" };
    const result = await resultOf("", { schema: citySchema }, { completion: cut });
    expect(result.error?.message).toBe("the answer holds no JSON value; the answer was cut at the limit of output tokens");
  });

  it("fails a request whose schema is none", async () => {
    const result = await resultOf("{}", { schema: { type: "nonsense" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "INVALID_OUTPUT_SCHEMA" } });
  });

  it("uses the format asked for, and warns where it cannot hold the answer", async () => {
    expect(await resultOf(JSON.stringify(table), { format: "markdown" })).toMatchObject({
      format: "markdown",
      status: "succeeded",
      warnings: [],
    });
    const fallback = await resultOf("Just words.", { format: "csv" });
    expect(fallback).toMatchObject({ format: "text", answer: "Just words.", status: "succeeded" });
    expect(fallback.warnings.map(({ code }) => code)).toEqual(["FORMAT_NOT_HELD"]);
    expect((await resultOf("Just words.", { format: "json" })).answer).toBe('"Just words."');
  });

  it("keeps every digit of a number that parsing would round", async () => {
    const text = '[{"account": 12345678901234567890}]';
    expect(await resultOf(text)).toMatchObject({ answer: "account\n12345678901234567890", format: "csv" });
    const schema = { type: "array", items: { properties: { account: { type: "integer" } } } };
    expect(await resultOf(text, { schema, format: "json" })).toMatchObject({ answer: '[{"account":12345678901234567890}]' });
  });

  it("leaves a very large structured answer compact JSON", async () => {
    const large = Array.from({ length: 5000 }, (_, id) => ({ id, name: `name ${id}` }));
    expect(await resultOf(JSON.stringify(large))).toMatchObject({ format: "json", status: "succeeded" });
  });

  it("hands back an answer nested deeper than the stack as JSON", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(await resultOf(deep)).toMatchObject({ status: "succeeded", format: "json", answer: deep });
    expect((await resultOf(deep, { format: "csv" })).warnings.map(({ code }) => code)).toEqual(["FORMAT_NOT_HELD"]);
  });

  const { completion } = completionReceived("Paris.");
  const tool = { id: "call-1", name: "sql.query", bytes: 0, elapsedMs: 3 };
  const degrading: Readonly<Record<string, Parameters<typeof completionReceived>[2]>> = {
    "a tool failed": { toolSummaries: [{ ...tool, status: "failed", error: { code: "TOOL_FAILED", message: "no" } }] },
    "the answer was cut": { completion: { ...completion, finishReason: "length" } },
    "a filter stopped it": { completion: { ...completion, finishReason: "content-filter" } },
    "an earlier stage warned": { warnings: [{ code: "TOOL_ROUNDS_EXHAUSTED", message: "too many" }] },
    "the answer is empty": { completion: { ...completion, text: " " } },
  };
  for (const [reason, changes] of Object.entries(degrading)) {
    it(`is degraded when ${reason}`, async () => {
      expect((await resultOf("Paris.", {}, changes)).status).toBe("degraded");
    });
  }

  it("is not degraded by what leaves the answer whole", async () => {
    const warnings = [
      { code: "COMPRESSION_FAILED", message: "raw" },
      { code: "COST_ESTIMATED", message: "counted" },
    ];
    const result = await resultOf("Paris.", {}, { warnings, toolSummaries: [{ ...tool, status: "succeeded" }] });
    expect(result.status).toBe("succeeded");
    expect(result.warnings).toEqual(warnings);
  });

  it("adds up the usage of all billed calls, and bills nothing for a cached answer", async () => {
    const { spent } = completionReceived("");
    const answered = spent.attempts[1]!;
    const counted = { ...answered, usage: { ...answered.usage!, source: "counted" as const } };
    const twice = await resultOf("Paris.", {}, { spent: { attempts: [...spent.attempts, counted], costUsd: null } });
    expect(twice).toMatchObject({ usage: { inputTokens: 240, outputTokens: 60, source: "counted" }, cost: { usd: null } });
    const cached = await resultOf("Paris.", {}, { spent: { attempts: [], costUsd: 0 }, cache: { hit: true, tier: "memory" } });
    expect(cached).toMatchObject({ usage: null, cost: { usd: 0 }, cache: { hit: true, tier: "memory" } });
  });

  it("bills a failed call for what it used, and has the known part of a cost that is not known whole", async () => {
    const { spent } = completionReceived("");
    const answered = spent.attempts[1]!;
    const failed = { ...answered, outcome: "failed" as const, errorCode: "PROVIDER_UNAVAILABLE", costUsd: 0.25 };
    const { usage: _usage, ...lost } = { ...failed, costUsd: null };
    const attempts = [failed, lost, { ...answered, costUsd: 0.5 }];
    const result = await resultOf("Paris.", {}, { spent: { attempts, costUsd: null } });
    expect(result).toMatchObject({ usage: { inputTokens: 240, outputTokens: 60 }, cost: { usd: null, knownUsd: 0.75 } });
    expect((await resultOf("Paris.")).cost).not.toHaveProperty("knownUsd");
  });

  it("never reports negative time for the router", async () => {
    const { spent } = completionReceived("");
    const slow = spent.attempts.map((attempt) => ({ ...attempt, latencyMs: 10_000 }));
    expect((await resultOf("Paris.", {}, { spent: { attempts: slow, costUsd: 0 } })).latency.stageMs["llm-router"]).toBe(0);
  });

  it("does not begin when it was told to stop", async () => {
    const signal = AbortSignal.abort(new Error("deadline"));
    await expect(
      handle({ fact: "completion.received", body: completionReceived("x") }, handlerContext({ signal })),
    ).rejects.toThrow("deadline");
  });
});

import { readFileSync } from "node:fs";
import { type Usage, usageSchema } from "@nocp/contracts/accounting.ts";
import { knownCost, sumCosts } from "@nocp/contracts/cost-totals.ts";
import { baselineUsage, costOf } from "@nocp/models/prices/cost-of-usage.ts";
import { type Pricing, priceTable } from "@nocp/models/prices/model-prices.ts";
import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { installedProviders } from "../../../test/fixtures/llm-router-fixtures.ts";
import { billOf } from "./bill.ts";
import { affordableOutputTokens } from "./cost-cap.ts";

const at = Date.parse("2026-11-21T12:00:00Z");
const table = (vendor: string): Pricing => ({ kind: "table", vendor });
const usage = (tokens: Partial<Usage>): Usage => usageSchema.parse({ inputTokens: 0, outputTokens: 0, ...tokens });

describe("the cost of a completion, against the vendors' published prices per million tokens", () => {
  it.each([
    ["plain input and output", "openai", "gpt-5.4-mini", { inputTokens: 1_000_000, outputTokens: 100_000 }, 0.75 + 0.45],
    [
      "half of the input cached",
      "openai",
      "gpt-5.4-mini",
      { inputTokens: 100_000, cacheReadTokens: 50_000 },
      0.05 * 0.75 + 0.05 * 0.075,
    ],
    [
      "reasoning, billed as the output it is part of",
      "openai",
      "gpt-5.4-mini",
      { outputTokens: 100_000, reasoningTokens: 90_000 },
      0.45,
    ],
    ["a dated version of the model", "openai", "gpt-4o-mini-2024-07-18", { inputTokens: 1_000_000 }, 0.15],
    [
      "cache read and cache write",
      "anthropic",
      "claude-haiku-4-5",
      { inputTokens: 100_000, cacheReadTokens: 60_000, cacheWriteTokens: 30_000, outputTokens: 1000 },
      0.01 * 1 + 0.06 * 0.1 + 0.03 * 1.25 + 0.001 * 5,
    ],
    [
      "Gemini with thoughts in the output",
      "google",
      "gemini-2.5-flash",
      { inputTokens: 100_000, outputTokens: 10_000, reasoningTokens: 8000 },
      0.1 * 0.3 + 0.01 * 2.5,
    ],
    ["a model written with its collection", "google", "models/gemini-2.5-flash", { inputTokens: 1_000_000 }, 0.3],
  ] as const)("%s", (_name, vendor, model, tokens, usd) => {
    expect(costOf(usage(tokens), table(vendor), model, at)).toBeCloseTo(usd, 9);
  });

  it("is unknown, not 0, for a model or a server without a price", () => {
    expect(costOf(usage({ inputTokens: 10 }), table("openai"), "gpt-of-tomorrow", at)).toBeNull();
    expect(costOf(usage({ inputTokens: 10 }), { kind: "unknown" }, "llama", at)).toBeNull();
    expect(sumCosts([0.1, null])).toBeNull();
    expect(knownCost([0.95, null, 0.03])).toBeCloseTo(0.98, 9);
  });

  it("is what the settings say for a server of one's own", () => {
    const own: Pricing = { kind: "set", inputUsdPerMillion: 0.2, outputUsdPerMillion: 1 };
    expect(costOf(usage({ inputTokens: 500_000, cacheReadTokens: 100_000, outputTokens: 10_000 }), own, "llama", at)).toBeCloseTo(
      0.11,
      9,
    );
    expect(costOf(usage({ inputTokens: 10 }), { ...own, inputUsdPerMillion: 0, outputUsdPerMillion: 0 }, "llama", at)).toBe(0);
  });

  it("is 0 where nothing is paid", () => {
    expect(costOf(usage({ inputTokens: 10 }), { kind: "free" }, "extractive-1", at)).toBe(0);
  });

  it("survives a provider that reports more cached tokens than tokens", () => {
    const odd = usage({ inputTokens: 100, cacheReadTokens: 300, cacheWriteTokens: 300 });
    expect(costOf(odd, table("openai"), "gpt-5.4-mini", at)).toBeCloseTo((100 * 0.075) / 1e6, 12);
  });

  it("is what the table's own package computes, for cached, written and long prompts of many models", () => {
    const models = [
      ["openai", "gpt-4o"],
      ["openai", "gpt-5.4"],
      ["anthropic", "claude-sonnet-4-5"],
      ["anthropic", "claude-opus-4-1"],
      ["google", "gemini-2.5-pro"],
      ["google", "gemini-3-pro-preview"],
      ["deepseek", "deepseek-chat"],
    ] as const;
    for (const [vendor, model] of models) {
      for (const inputTokens of [0, 1, 999, 128_001, 200_000, 200_001, 900_000]) {
        const one = usage({
          inputTokens,
          cacheReadTokens: Math.floor(inputTokens / 3),
          cacheWriteTokens: Math.floor(inputTokens / 5),
          outputTokens: 77,
        });
        const expected = calcPrice(
          {
            input_tokens: one.inputTokens,
            cache_read_tokens: one.cacheReadTokens,
            cache_write_tokens: one.cacheWriteTokens,
            output_tokens: one.outputTokens,
          },
          model,
          { providerId: vendor, timestamp: new Date(at) },
        );
        expect(expected?.total_price, model).toBeGreaterThan(0);
        expect(costOf(one, table(vendor), model, at), `${model} ${inputTokens}`).toBeCloseTo(expected?.total_price ?? -1, 10);
      }
    }
  });

  it("finds a model by its name alone", () => {
    expect(costOf(usage({ inputTokens: 1_000_000 }), { kind: "table" }, "gpt-4o", at)).toBeCloseTo(2.5, 9);
  });

  it("names the version of the price table that is installed", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../../shared/models/package.json", import.meta.url), "utf8"));
    expect(priceTable).toBe(`@pydantic/genai-prices ${manifest.dependencies["@pydantic/genai-prices"]}`);
  });
});

describe("the baseline", () => {
  it("puts back what NOCP took away, and leaves cached what the vendor's cache held", () => {
    const cached = { cacheReadTokens: 200, cacheWriteTokens: 50, cacheWriteOneHourTokens: 20, outputTokens: 30 };
    const paid = usage({ inputTokens: 420, ...cached });
    expect(baselineUsage(paid, { raw: 1000, optimized: 400 })).toMatchObject({ inputTokens: 1020, ...cached });
  });

  const attempt = (more: object) => ({
    provider: "openai",
    model: "gpt-5.4-mini",
    outcome: "succeeded" as const,
    latencyMs: 1,
    costUsd: null,
    ...more,
  });
  const input = {
    usage: usage({ inputTokens: 400, outputTokens: 10 }),
    model: "gpt-5.4-mini",
    inputTokens: { raw: 4000, optimized: 400 },
    reference: { provider: "openai", model: "gpt-5.4" },
    at,
  };

  it("is billed at the model that answered and at the reference model", () => {
    const bill = billOf({
      ...input,
      attempts: [attempt({ usage: input.usage, costUsd: 0.000345 })],
      pricingOf: () => table("openai"),
    });
    expect(bill.spentUsd).toBeCloseTo(0.000345, 9);
    expect(bill.cost.baselineUsd).toBeCloseTo((4000 * 0.75 + 10 * 4.5) / 1e6, 9);
    expect(bill.cost.reference).toMatchObject({ model: "openai/gpt-5.4" });
    expect(bill.cost.reference.usd).toBeCloseTo((400 * 2.5 + 10 * 15) / 1e6, 9);
    expect(bill.cost.reference.baselineUsd).toBeCloseTo((4000 * 2.5 + 10 * 15) / 1e6, 9);
  });

  it("of a free provider still shows the saving at the reference model", () => {
    const bill = billOf({
      ...input,
      attempts: [attempt({ provider: "extractive", model: "extractive-1", usage: input.usage, costUsd: 0 })],
      pricingOf: (provider) => (provider === "extractive" ? { kind: "free" } : table("openai")),
    });
    expect(bill).toMatchObject({ spentUsd: 0, cost: { baselineUsd: 0 } });
    expect(bill.cost.reference.baselineUsd! / bill.cost.reference.usd!).toBeGreaterThan(5);
  });

  it("does not hold what models cost that helped to compress", () => {
    const distiller = attempt({
      provider: "distiller",
      purpose: "compression",
      usage: usage({ inputTokens: 4000 }),
      costUsd: 0.01,
    });
    const bill = billOf({
      ...input,
      attempts: [distiller, attempt({ usage: input.usage, costUsd: 0.25 })],
      pricingOf: () => table("openai"),
    });
    expect(bill.spentUsd).toBeCloseTo(0.26, 9);
    expect(bill.cost.baselineUsd).toBeCloseTo((4000 * 0.75 + 10 * 4.5) / 1e6, 9);
  });

  const earlier = attempt({ usage: usage({ inputTokens: 100, outputTokens: 5 }), costUsd: 0.5 });
  const failed = (more: object) => attempt({ outcome: "failed" as const, ...more });
  const billAfter = (...failures: ReturnType<typeof failed>[]) =>
    billOf({
      ...input,
      attempts: [earlier, ...failures, attempt({ usage: input.usage, costUsd: 0.25 })],
      pricingOf: () => table("openai"),
    });

  it("counts earlier rounds once, and failed calls at what they were billed", () => {
    const bill = billAfter(failed({ costUsd: 0 }), failed({ usage: usage({ inputTokens: 1000 }), costUsd: 0.125 }));
    expect(bill.spentUsd).toBe(0.875);
    expect(bill.cost.baselineUsd).toBeCloseTo(0.625 + (4000 * 0.75 + 10 * 4.5) / 1e6, 9);
    const atReference = (inputTokens: number, outputTokens: number) => (inputTokens * 2.5 + outputTokens * 15) / 1e6;
    expect(bill.cost.reference.usd).toBeCloseTo(atReference(100 + 1000 + 400, 5 + 10), 9);
  });

  it("is unknown with a call that may have been billed, as is what was spent", () => {
    const bill = billAfter(failed({ errorCode: "PROVIDER_TIMEOUT" }));
    expect(bill.spentUsd).toBeNull();
    expect(bill.cost).toMatchObject({ baselineUsd: null, reference: { usd: null, baselineUsd: null } });
  });
});

describe("the cost cap", () => {
  const price = (inputTokens: number, outputTokens: number) => inputTokens * 1e-6 + outputTokens * 1e-5;
  const cap = { maxCostUsd: 0.01, spentUsd: 0, inputTokens: 1000, maxOutputTokens: 8000 };

  it("leaves a call alone that fits, or that has no cap", () => {
    expect(affordableOutputTokens({ ...cap, maxCostUsd: 1 }, price, "m")).toBe(8000);
    expect(affordableOutputTokens({ ...cap, maxCostUsd: undefined }, price, "m")).toBe(8000);
  });

  it("shortens the answer to what is left of the money", () => {
    const tokens = affordableOutputTokens(cap, price, "m");
    expect(price(1000, tokens)).toBeLessThanOrEqual(0.01 + 1e-12);
    expect(tokens).toBeCloseTo(900, -1);
  });

  it("counts what earlier calls cost", () => {
    expect(affordableOutputTokens({ ...cap, spentUsd: 0.005 }, price, "m")).toBeLessThan(affordableOutputTokens(cap, price, "m"));
  });

  it.each([
    ["the prompt alone costs more", { ...cap, inputTokens: 20_000 }],
    ["nothing is left", { ...cap, spentUsd: 0.01 }],
    ["only a word would be left", { ...cap, inputTokens: 9990 }],
  ])("refuses when %s", (_name, tooMuch) => {
    expect(() => affordableOutputTokens(tooMuch, price, "openai/m")).toThrow(
      expect.objectContaining({ code: "COST_CAP_EXCEEDED" }),
    );
  });

  it("lets what costs nothing answer, also when nothing is left", () => {
    expect(affordableOutputTokens({ ...cap, spentUsd: 1 }, () => 0, "extractive")).toBe(8000);
  });

  it.each([
    [{}, { kind: "unknown" }],
    [{ "providers.openai-compatible.inputUsdPerMillion": "0" }, { kind: "unknown" }],
    [
      {
        "providers.openai-compatible.inputUsdPerMillion": "0",
        "providers.openai-compatible.outputUsdPerMillion": "1.5",
      },
      { kind: "set", inputUsdPerMillion: 0, outputUsdPerMillion: 1.5 },
    ],
  ])("knows the price of an OpenAI-compatible server by its settings %o", async (flags, pricing) => {
    const providers = await installedProviders(flags);
    expect(providers.find(({ name }) => name === "openai-compatible")?.pricing).toEqual(pricing);
  });

  it("refuses what has no price, and says what can be done", () => {
    expect(() => affordableOutputTokens(cap, () => null, "openai-compatible/llama")).toThrow(
      expect.objectContaining({
        code: "COST_CAP_EXCEEDED",
        message: "the price of openai-compatible/llama is unknown; limits.maxCostUsd is 0.01",
        advice: expect.stringContaining("inputUsdPerMillion"),
      }),
    );
    expect(affordableOutputTokens({ ...cap, maxCostUsd: undefined }, () => null, "m")).toBe(8000);
  });
});

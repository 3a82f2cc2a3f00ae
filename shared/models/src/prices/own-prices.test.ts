import { describe, expect, test } from "vitest";
import { usualCapabilities } from "../capabilities.ts";
import { modelLimitsOf } from "../model-limits.ts";
import { costOf, costOfAnswer } from "./cost-of-usage.ts";
import { withOwnPrices } from "./own-prices.ts";

const million = 1e6;
const usage = {
  inputTokens: million,
  outputTokens: million,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  source: "provider",
} as const;
const listed = { kind: "table", vendor: "openai" } as const;
const cheap = { inputUsdPerMillion: 1, outputUsdPerMillion: 2 };

describe("a price of the settings", () => {
  const models = {
    "openai/gpt-4o": cheap,
    "openai@eu/gpt-4o": { inputUsdPerMillion: 10, outputUsdPerMillion: 20 },
    fast: { inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
    "fast/large/model": { inputUsdPerMillion: 5, outputUsdPerMillion: 5 },
    "openai/gpt-4o-mini": { tier: "economy" as const },
  };
  const openai = withOwnPrices({ name: "openai", pricing: listed }, models);
  const at = (pricing: typeof openai, model: string) => costOf(usage, pricing, model, 0);

  test("stands before the price table, for its model alone", () => {
    expect(at(openai, "gpt-4o")).toBe(3);
    expect(at(openai, "gpt-4o-mini")).toBe(at(listed, "gpt-4o-mini"));
    expect(at(openai, "gpt-4o-mini")).toBeGreaterThan(0);
  });

  test("holds for the version that answers, whatever it is called", () => {
    expect(costOfAnswer(usage, openai, "gpt-4o-2024-11-20", "gpt-4o", 0)).toBe(3);
  });

  test("of a provider holds for all its models that have none of their own", () => {
    const fast = withOwnPrices({ name: "fast", pricing: { kind: "unknown" } }, models);
    expect([at(fast, "anything"), at(fast, "large/model")]).toEqual([0, 10]);
  });

  test("holds for further accounts, unless they have another", () => {
    const second = withOwnPrices({ name: "openai@second", pricing: listed, accountOf: "openai" }, models);
    const eu = withOwnPrices({ name: "openai@eu", pricing: listed, accountOf: "openai" }, models);
    expect([at(second, "gpt-4o"), at(eu, "gpt-4o")]).toEqual([3, 30]);
  });

  test("tells cached and written tokens apart where it is said what they cost", () => {
    const marked = { ...usage, outputTokens: 0, cacheReadTokens: 0.5 * million, cacheWriteTokens: 0.25 * million };
    const named = { ...cheap, cachedInputUsdPerMillion: 0.1, cacheWriteUsdPerMillion: 1.25 };
    const priced = withOwnPrices({ name: "a", pricing: listed }, { "a/m": named });
    expect(costOf(marked, priced, "m", 0)).toBeCloseTo(0.25 + 0.05 + 0.3125, 10);
    expect(costOf(marked, withOwnPrices({ name: "a", pricing: listed }, { "a/m": cheap }), "m", 0)).toBeCloseTo(1, 10);
  });

  test("takes nothing from what the table knows besides", () => {
    const table = { defaults: usualCapabilities, models: [] };
    expect(modelLimitsOf(table, openai, "gpt-4o")).toEqual(modelLimitsOf(table, listed, "gpt-4o"));
    expect(modelLimitsOf(table, openai, "gpt-4o").contextTokens).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

test("without a price in the settings, nothing changes", () => {
  expect(withOwnPrices({ name: "openai", pricing: listed }, { openai: { region: "eu" } })).toBe(listed);
});

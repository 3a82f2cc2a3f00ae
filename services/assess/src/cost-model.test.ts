// Whether a compression pays, case by case; the figures are worked out by hand from the prices in the table.

import { describe, expect, test } from "vitest";
import { type CostInput, formatUsd, tokensAsPrices, worthOf } from "./cost-model.ts";
import { cacheTermsOf, targetPrices } from "./target-prices.ts";

const at = Date.parse("2026-11-21T12:00:00Z");
const gpt4o = { unit: "usd", uncached: 2.5e-6, cached: 1.25e-6 } as const;
const base: CostInput = {
  beforeTokens: 10_000,
  afterTokens: 3000,
  prices: gpt4o,
  model: "gpt-4o",
  turns: 1,
  expectedRecall: 1,
  helpersUsd: 0,
};

describe("what a compression is worth", () => {
  test.each<[string, Partial<CostInput>, Partial<ReturnType<typeof worthOf>>]>([
    ["new text, sent once, is saved at the uncached price", {}, { saved: 0.0175, lostCache: 0, net: 0.0175 }],
    ["further sendings are saved at the cached price", { turns: 3 }, { saved: 7000 * (2.5e-6 + 2 * 1.25e-6) }],
    [
      "a cached prefix is saved at the cached price, and what is read anew costs the difference",
      { cachedPrefix: { rereadTokens: 5000 } },
      { saved: 7000 * 1.25e-6, lostCache: 5000 * 1.25e-6, net: 2000 * 1.25e-6 },
    ],
    [
      "a rewrite of an old prefix that saves less than the lost cache does not pay",
      { afterTokens: 6000, cachedPrefix: { rereadTokens: 8000 } },
      { net: 4000 * 1.25e-6 - 8000 * 1.25e-6 },
    ],
    ["what is expected to be fetched back is paid as a whole", { expectedRecall: 0.97 }, { fetchBack: 0.03 * 10_000 * 2.5e-6 }],
    ["a helping model is paid", { helpersUsd: 0.025 }, { helpers: 0.025, net: 0.0175 - 0.025 }],
    ["a helping model of unknown price is not counted", { helpersUsd: null }, { helpers: 0, net: 0.0175 }],
    ["without a price, tokens are weighed", { prices: tokensAsPrices }, { unit: "tokens", saved: 7000, net: 7000 }],
    [
      "without a price, a cached token weighs a tenth",
      { prices: tokensAsPrices, cachedPrefix: { rereadTokens: 3000 } },
      { saved: 700, lostCache: 2700, net: -2000 },
    ],
  ])("%s", (_, change, expected) => {
    const worth = worthOf({ ...base, ...change });
    for (const [key, value] of Object.entries(expected)) {
      const actual = worth[key as keyof typeof worth];
      if (typeof value === "number") expect(actual, key).toBeCloseTo(value, 9);
      else expect(actual).toBe(value);
    }
    expect(worth.net).toBeCloseTo(worth.saved - worth.lostCache - worth.helpers - worth.fetchBack, 12);
  });

  test("is told in one sentence with all its numbers", () => {
    expect(worthOf({ ...base, beforeTokens: 11_900, afterTokens: 3780, expectedRecall: 0.97 }).text).toBe(
      "saves 8,120 of 11,900 tokens = $0.0203 at gpt-4o uncached; fetch back 3 % = $0.000893; net $0.0194",
    );
    expect(worthOf({ ...base, prices: tokensAsPrices, model: "llama", turns: 4, cachedPrefix: { rereadTokens: 10 } }).text).toBe(
      "saves 7,000 of 10,000 tokens = 2,800 tokens cached over 4 sendings, no price known for llama; lost cache 9 tokens; net 2,791 tokens",
    );
    expect(worthOf({ ...base, helpersUsd: null }).text).toContain("helping model of unknown price, not counted");
    expect(worthOf({ ...base, helpersUsd: 0.0012 }).text).toContain("helping model $0.0012");
  });

  test.each([
    [0, "$0"],
    [1.5, "$1.50"],
    [0.0203, "$0.0203"],
    [0.00000012, "$0.000000120"],
    [-0.5, "-$0.500"],
  ])("writes %d dollars as %s", (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});

describe("the prices of the model that will read the context", () => {
  test("are those of the table, by the provider or by the model's name", () => {
    expect(targetPrices("gpt-4o", undefined, 1000, at)).toEqual(gpt4o);
    expect(targetPrices("openai/gpt-4o", undefined, 1000, at)).toEqual(gpt4o);
    expect(targetPrices("gemini-2.5-flash", "gemini", 1000, at)).toMatchObject({ unit: "usd", uncached: 0.3e-6 });
  });

  test("fall by caching, also where the vendor caches only what is marked", () => {
    const { uncached, cached } = targetPrices("claude-haiku-4-5", "anthropic", 1000, at);
    expect(uncached).toBeCloseTo(1e-6, 12);
    expect(cached).toBeCloseTo(0.1e-6, 12);
  });

  test.each([
    ["gpt-4o", undefined, true, { readShare: 0.5, leastTokens: 1024 }],
    ["anthropic/claude-haiku-4-5", undefined, true, { readShare: 0.1, leastTokens: 4096 }],
    ["claude-haiku-4-5", "anthropic", false, { readShare: 1, leastTokens: 4096 }],
    ["gpt-4o", "extractive", true, { readShare: 1, leastTokens: 0 }],
    ["llama3", "openai-compatible", true, { readShare: 0.1, leastTokens: 0 }],
  ])("of a cache are known for %s at %s, marked: %s", (model, provider, isMarked, terms) => {
    const found = cacheTermsOf("gpt-4o", isMarked, () => at)(model, provider, 1000);
    expect(found.leastTokens).toBe(terms.leastTokens);
    expect(found.readShare).toBeCloseTo(terms.readShare, 9);
  });

  test.each([
    ["gpt-of-tomorrow", undefined],
    ["llama3", "openai-compatible"],
    ["gpt-4o", "extractive"],
  ])("are tokens for %s at %s", (model, provider) => {
    expect(targetPrices(model, provider, 1000, at)).toBe(tokensAsPrices);
  });
});

// The saving on the bill: what NOCP removed, and nothing else. A vendor's cache, failed calls and rounding are no saving.
import { type ProviderAttempt, type Usage, usageSchema } from "@nocp/contracts/accounting.ts";
import { totalCost } from "@nocp/contracts/cost-totals.ts";
import { tidyNumbers } from "@nocp/contracts/json/tidy-numbers.ts";
import { billOf } from "@nocp/llm-router/bill.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const at = Date.parse("2026-11-21T12:00:00Z");
const reference = { provider: "openai", model: "gpt-5.4" };

const models = [
  { provider: "openai", model: "gpt-5.4-mini" },
  { provider: "anthropic", model: "claude-haiku-4-5" },
  { provider: "anthropic", model: "claude-sonnet-4-5" },
  { provider: "google", model: "gemini-2.5-pro" },
  { provider: "deepseek", model: "deepseek-chat" },
  { provider: "x-ai", model: "grok-4" },
  { provider: "own", model: "llama" },
  { provider: "openai", model: "gpt-of-tomorrow" },
] as const;
type Model = (typeof models)[number];

const own: Pricing = { kind: "set", inputUsdPerMillion: 0.3, cachedInputUsdPerMillion: 0.07, outputUsdPerMillion: 1.1 };
const pricingOf = (provider: string): Pricing => (provider === "own" ? own : { kind: "table", vendor: provider });

/** Most of the input cached, as in a long session; written for five minutes or an hour, where the vendor tells them apart. */
const usages: fc.Arbitrary<Usage> = fc
  .record({
    fresh: fc.nat(5_000),
    cacheReadTokens: fc.nat(250_000),
    fiveMinutes: fc.nat(20_000),
    oneHour: fc.option(fc.nat(20_000), { nil: 0 }),
    written: fc.nat(4_000),
    reasoningTokens: fc.nat(4_000),
    source: fc.constantFrom("provider" as const, "counted" as const),
  })
  .map(({ fresh, cacheReadTokens, fiveMinutes, oneHour, written, reasoningTokens, source }) =>
    usageSchema.parse({
      inputTokens: fresh + cacheReadTokens + fiveMinutes + oneHour,
      outputTokens: written + reasoningTokens,
      cacheReadTokens,
      cacheWriteTokens: fiveMinutes + oneHour,
      ...(oneHour === 0 ? {} : { cacheWriteOneHourTokens: oneHour }),
      reasoningTokens,
      source,
    }),
  );

const priced = ({ provider, model }: Model, usage: Usage) => costOf(usage, pricingOf(provider), model, at);
const attemptOf = (model: Model, more: Partial<ProviderAttempt>): ProviderAttempt => ({
  ...model,
  outcome: "succeeded",
  latencyMs: 1,
  costUsd: null,
  ...more,
});

const answered = fc
  .tuple(fc.constantFrom(...models), usages)
  .map(([model, usage]) => attemptOf(model, { usage, costUsd: priced(model, usage) }));
/** Billed by its usage, not billed, or nobody knows. */
const failed = fc
  .tuple(fc.constantFrom(...models), usages, fc.constantFrom("billed", "unbilled", "lost"))
  .map(([model, usage, kind]) =>
    attemptOf(model, {
      outcome: "failed",
      ...(kind === "billed" ? { usage, costUsd: priced(model, usage) } : { costUsd: kind === "unbilled" ? 0 : null }),
    }),
  );
const bills = fc.record({
  earlier: fc.array(fc.oneof({ weight: 3, arbitrary: answered }, { weight: 2, arbitrary: failed }), { maxLength: 8 }),
  last: answered,
  // By the clock, prices change between the call and its bill.
  at: fc.constantFrom(at, at + 9 * 3_600_000),
});

const billFor = (
  { earlier, last, at: billedAt }: { earlier: ProviderAttempt[]; last: ProviderAttempt; at: number },
  raw: number,
) =>
  billOf({
    attempts: [...earlier, last],
    usage: last.usage!,
    model: last.model,
    inputTokens: { raw, optimized: 1_000 },
    pricingOf,
    reference,
    at: billedAt,
  });

test("with nothing removed the saving is 0 to the last digit, or not known", () => {
  const seen = { known: 0, unknown: 0 };
  fc.assert(
    fc.property(bills, (bill) => {
      const { spentUsd, cost } = billFor(bill, 1_000);
      expect(cost.baselineUsd).toBe(spentUsd);
      expect(cost.reference.baselineUsd).toBe(cost.reference.usd);
      const result = tidyNumbers({ cost: { ...totalCost([...bill.earlier, bill.last]), ...cost } });
      expect(result.cost.baselineUsd).toBe(result.cost.usd);
      seen[spentUsd === null ? "unknown" : "known"]++;
    }),
    { numRuns: 1_000 },
  );
  expect(seen.known).toBeGreaterThan(50);
  expect(seen.unknown).toBeGreaterThan(50);
});

test("what was removed is saved at the price of input, whatever was cached", () => {
  // Two models of one price whatever the length of the prompt.
  const flat = fc.constantFrom(models[1], models[6]);
  const inputUsd = (model: Model) => (model.provider === "own" ? 0.3 : 1) / 1e6;
  fc.assert(
    fc.property(flat, usages, fc.integer({ min: 1, max: 100_000 }), (model, usage, removed) => {
      const last = attemptOf(model, { usage, costUsd: priced(model, usage) });
      const { spentUsd, cost } = billFor({ earlier: [], last, at }, 1_000 + removed);
      expect(cost.baselineUsd! - spentUsd!).toBeCloseTo(removed * inputUsd(model), 10);
    }),
  );
});

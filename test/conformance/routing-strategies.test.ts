// Every strategy of services/llm-router/src/routing-strategies: whatever it prefers, no candidate is lost or called twice.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { modelTiers } from "@nocp/contracts/route.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { routingStrategies } from "@nocp/llm-router/routing/strategy-table.ts";
import type { StrategyCandidate, StrategyInput } from "@nocp/llm-router/routing-strategy.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { routeRequest } from "../fixtures/llm-router-fixtures.ts";

const folder = fileURLToPath(new URL("../../services/llm-router/src/routing-strategies", import.meta.url));

const candidate: fc.Arbitrary<StrategyCandidate> = fc.record({
  provider: fc.constantFrom("a", "b", "c", "d@second"),
  model: fc.constantFrom("m", "n", "vendor/o"),
  weight: fc.double({ min: 0.001, max: 1000, noNaN: true }),
  tier: fc.constantFrom(...modelTiers),
  estimatedUsd: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
  inFlight: fc.nat(1000),
  latencyMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
});
const candidates = fc.uniqueArray(candidate, {
  minLength: 1,
  maxLength: 12,
  selector: ({ provider, model }) => `${provider}/${model}`,
});
const question = fc.record({
  question: fc.string({ unit: "grapheme", maxLength: 400 }),
  inputTokens: fc.nat(2_000_000),
  tags: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
  offersTools: fc.boolean(),
  hasSchema: fc.boolean(),
  prefixKey: fc.string({ maxLength: 40 }),
});
/** Below 1, as Math.random is. */
const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 20 });

function inputOf(
  chosen: readonly StrategyCandidate[],
  asked: Parameters<typeof routeRequest>[0],
  drawn: readonly number[],
): StrategyInput {
  let draws = 0;
  return { group: "g", candidates: chosen, request: routeRequest(asked), random: () => drawn[draws++ % drawn.length]! };
}

test("every file of the folder is a strategy of its own name", () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
  expect(routingStrategies.map(({ name }) => name).sort()).toEqual(files.sort());
});

describe.each(routingStrategies.map((strategy) => [strategy.name, strategy] as const))("%s", (_name, strategy) => {
  test("says what it does in one sentence", () => {
    expect(strategy.description).toMatch(/^[A-Z].{20,200}\.$/);
  });

  test("places every candidate once, says why, and changes nothing it is given", () => {
    const active = strategy.start(defaultsOf);
    fc.assert(
      fc.property(candidates, question, chances, (chosen, asked, drawn) => {
        const before = structuredClone(chosen);
        const placed = active.order(inputOf(chosen, asked, drawn));
        expect(new Set(placed.map((one) => one.candidate))).toEqual(new Set(chosen));
        expect(placed).toHaveLength(chosen.length);
        expect(chosen).toEqual(before);
        for (const { why } of placed) expect(why).toMatch(/^\S.{0,100}$/u);
      }),
    );
  });

  test("has the same order for the same request, if it says so", () => {
    if (!strategy.isRepeatable) return expect(strategy.isRepeatable).toBe(false);
    const active = strategy.start(defaultsOf);
    const other = strategy.start(defaultsOf);
    return fc.assert(
      fc.property(candidates, question, chances, chances, (chosen, asked, drawn, drawnLater) => {
        active.order(inputOf(chosen, asked, drawn));
        const busier = chosen.map((one) => ({ ...one, inFlight: one.inFlight + 7, latencyMs: 12_345 }));
        const again = active.order(inputOf(busier, asked, drawnLater));
        const elsewhere = other.order(inputOf(chosen, asked, drawn));
        const names = (placed: typeof again) => placed.map(({ candidate: { provider, model } }) => `${provider}/${model}`);
        expect(names(again)).toEqual(names(elsewhere));
      }),
    );
  });
});

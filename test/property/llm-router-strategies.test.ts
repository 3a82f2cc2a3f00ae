// What each routing strategy promises of many requests: shares, order, and who moves when a candidate comes or goes.
import { modelTiers } from "@nocp/contracts/route.ts";
import { defaultsOf, type Section, type SectionValues } from "@nocp/contracts/settings/setting.ts";
import { routingStrategies } from "@nocp/llm-router/routing/strategy-table.ts";
import type { ActiveStrategy, StrategyCandidate } from "@nocp/llm-router/routing-strategy.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RouteQuestion, routeRequest } from "../fixtures/llm-router-fixtures.ts";

const start = (name: string, settings: object = {}): ActiveStrategy =>
  routingStrategies
    .find((strategy) => strategy.name === name)!
    .start(<S extends Section>(section: S): SectionValues<S> => ({ ...defaultsOf(section), ...settings }));

const named = (provider: string, more: Partial<StrategyCandidate> = {}): StrategyCandidate => ({
  provider,
  model: "m",
  weight: 1,
  tier: "standard",
  estimatedUsd: 0.001,
  inFlight: 0,
  latencyMs: undefined,
  ...more,
});

/** Numbers that look like chance and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const orderOf = (
  strategy: ActiveStrategy,
  candidates: readonly StrategyCandidate[],
  random = seeded(1),
  asked: RouteQuestion = {},
) => strategy.order({ group: "g", candidates, request: routeRequest(asked), random }).map(({ candidate }) => candidate.provider);

/** How often each candidate comes first in so many requests. */
function firstsOf(
  strategy: ActiveStrategy,
  candidates: readonly StrategyCandidate[],
  requests: number,
  asked = (_n: number): RouteQuestion => ({}),
) {
  const random = seeded(42);
  const firsts = new Map<string, number>();
  for (let request = 0; request < requests; request++) {
    const [first] = orderOf(strategy, candidates, random, asked(request));
    firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
  }
  return (provider: string): number => (firsts.get(provider) ?? 0) / requests;
}

const three = ["a", "b", "c"] as const;

test("ordered: as named", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(["a", "b", "c", "d", "e"], { minLength: 1 }), (names) => {
      expect(
        orderOf(
          start("ordered"),
          names.map((name) => named(name)),
        ),
      ).toEqual(names);
    }),
  );
});

test("weighted: the shares of the weights, and after a failure the shares of those that are left", () => {
  fc.assert(
    fc.property(fc.tuple(...three.map(() => fc.integer({ min: 1, max: 20 }))), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const candidates = three.map((name, index) => named(name, { weight: weights[index]! }));
      const share = firstsOf(start("weighted"), candidates, 4_000);
      for (const [index, name] of three.entries()) expect(Math.abs(share(name) - weights[index]! / total)).toBeLessThan(0.04);
    }),
    { numRuns: 20 },
  );
  const random = seeded(7);
  const candidates = [named("a", { weight: 1 }), named("b", { weight: 1 }), named("c", { weight: 8 })];
  const orders = Array.from({ length: 4_000 }, () => orderOf(start("weighted"), candidates, random)).filter(
    ([first]) => first === "a",
  );
  const secondIsC = orders.filter(([, second]) => second === "c").length / orders.length;
  expect(Math.abs(secondIsC - 8 / 9)).toBeLessThan(0.08);
});

test("round-robin: each as often as the others, group by group, and the rest in its order", () => {
  const strategy = start("round-robin");
  const ofGroup = (group: string) =>
    strategy
      .order({ group, candidates: three.map((name) => named(name)), request: routeRequest(), random: () => 0 })
      .map(({ candidate }) => candidate.provider);
  const turns = Array.from({ length: 6 }, () => {
    ofGroup("other");
    return ofGroup("g");
  });
  expect(turns.map(([first]) => first)).toEqual(["a", "b", "c", "a", "b", "c"]);
  expect(turns[1]).toEqual(["b", "c", "a"]);
});

test("least-busy: nobody comes after one who has more to do for its weight", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      (loads, seed) => {
        const candidates = loads.map(([inFlight, weight], index) => named(String(index), { inFlight, weight }));
        const placed = orderOf(start("least-busy"), candidates, seeded(seed)).map((name) => candidates[Number(name)]!);
        const load = ({ inFlight, weight }: StrategyCandidate) => (inFlight + 1) / weight;
        for (const [index, one] of placed.slice(1).entries()) expect(load(one)).toBeGreaterThanOrEqual(load(placed[index]!));
      },
    ),
  );
  const share = firstsOf(
    start("least-busy"),
    three.map((name) => named(name)),
    3_000,
  );
  for (const name of three) expect(Math.abs(share(name) - 1 / 3)).toBeLessThan(0.04);
});

describe("lowest-latency", () => {
  test("never begins with the slowest of three or more, mostly with the fastest, and not always", () => {
    const candidates = [named("a", { latencyMs: 100 }), named("b", { latencyMs: 200 }), named("c", { latencyMs: 900 })];
    const share = firstsOf(start("lowest-latency"), candidates, 6_000);
    // The fastest wins both pairs it is in, of three.
    expect(Math.abs(share("a") - 2 / 3)).toBeLessThan(0.03);
    expect(Math.abs(share("b") - 1 / 3)).toBeLessThan(0.03);
    expect(share("c")).toBe(0);
  });

  test("of two it is the faster, with what both have to do", () => {
    const fastButBusy = [named("a", { latencyMs: 100, inFlight: 9 }), named("b", { latencyMs: 300, inFlight: 0 })];
    expect(firstsOf(start("lowest-latency"), fastButBusy, 200)("b")).toBe(1);
  });

  test("tries a candidate that nobody has called, with one call at a time", () => {
    const known = named("a", { latencyMs: 100 });
    expect(firstsOf(start("lowest-latency"), [known, named("new")], 100)("new")).toBe(1);
    expect(firstsOf(start("lowest-latency"), [known, named("new", { inFlight: 1 })], 100)("new")).toBe(0);
  });

  test("calls the others from fast to slow", () => {
    const candidates = [900, 100, 500, 300].map((latencyMs) => named(String(latencyMs), { latencyMs }));
    const [, ...rest] = orderOf(start("lowest-latency"), candidates);
    expect(rest).toEqual([...rest].sort((one, other) => Number(one) - Number(other)));
  });
});

test("lowest-cost: from cheap to dear, unknown prices last, equals as named", () => {
  const price = fc.option(fc.constantFrom(0, 0.001, 0.002, 0.5));
  fc.assert(
    fc.property(fc.array(price, { minLength: 1, maxLength: 8 }), (prices) => {
      const candidates = prices.map((estimatedUsd, index) => named(String(index), { estimatedUsd }));
      const placed = orderOf(start("lowest-cost"), candidates).map(Number);
      const usd = (index: number) => prices[index] ?? Number.POSITIVE_INFINITY;
      for (const [at, index] of placed.slice(1).entries()) {
        const before = placed[at]!;
        expect(usd(before) < usd(index) || (usd(before) === usd(index) && before < index)).toBe(true);
      }
    }),
  );
});

describe("sticky", () => {
  const keyed = (key: number): RouteQuestion => ({ prefixKey: `session-${key}` });
  const names = ["a", "b", "c", "d"];
  const firstOf = (candidates: readonly string[], key: number) =>
    orderOf(
      start("sticky"),
      candidates.map((name) => named(name)),
      seeded(key),
      keyed(key),
    )[0]!;

  test("gives each candidate its share of the sessions, by weight", () => {
    const candidates = [named("a"), named("b"), named("c", { weight: 2 })];
    const share = firstsOf(start("sticky"), candidates, 4_000, keyed);
    for (const [name, wanted] of [
      ["a", 0.25],
      ["b", 0.25],
      ["c", 0.5],
    ] as const)
      expect(Math.abs(share(name) - wanted)).toBeLessThan(0.04);
  });

  test("moves only the sessions of a candidate that goes, and to the candidate that was next for them", () => {
    for (let key = 0; key < 500; key++) {
      const before = orderOf(
        start("sticky"),
        names.map((name) => named(name)),
        seeded(1),
        keyed(key),
      );
      expect(
        firstOf(
          names.filter((name) => name !== "b"),
          key,
        ),
      ).toBe(before[0] === "b" ? before[1] : before[0]);
    }
  });
});

describe("quality", () => {
  const tiers = modelTiers.map((tier) => named(tier, { tier }));
  const hard: RouteQuestion = { question: "Prove it:\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n∑ x_i ≤ 7", offersTools: true };

  test("wants a better tier for more complex requests", () => {
    const firstOf = (asked: RouteQuestion) => orderOf(start("quality"), tiers, seeded(1), asked)[0];
    expect(firstOf({ question: "What is the capital of France?" })).toBe("economy");
    expect(firstOf({ inputTokens: 50_000 })).toBe("standard");
    expect(firstOf(hard)).toBe("premium");
    expect(firstOf({ reasoningEffort: "high" })).toBe("premium");
  });

  test.each<[string, object, RouteQuestion]>([
    ["tag", { tags: ["legal", "tax"] }, { tags: ["x", "tax"] }],
    ["language", { languages: ["German"] }, { question: "Was ist die Hauptstadt von Frankreich?" }],
    ["language of another script", { languages: ["Japanese"] }, { question: "フランスの首都はどこですか。" }],
    ["size", { minInputTokens: 1_000, maxInputTokens: 2_000 }, { inputTokens: 1_500 }],
    ["complexity", { complexity: "high" }, hard],
  ])("follows a rule by %s, and only where it holds", (_what, conditions, asked) => {
    const strategy = start("quality", { rules: [{ ...conditions, tier: "local" }] });
    expect(orderOf(strategy, tiers, seeded(1), asked)[0]).toBe("local");
    expect(orderOf(strategy, tiers)[0]).toBe("economy");
  });

  test("takes the first rule that holds, and all conditions of a rule", () => {
    const rules = [
      { tags: ["a"], minInputTokens: 5_000, tier: "premium" },
      { tags: ["a"], tier: "standard" },
      { tier: "economy" },
    ];
    const firstOf = (asked: RouteQuestion) => orderOf(start("quality", { rules }), tiers, seeded(1), asked)[0];
    expect(firstOf({ tags: ["a"], inputTokens: 6_000 })).toBe("premium");
    expect(firstOf({ tags: ["a"] })).toBe("standard");
    expect(firstOf(hard)).toBe("economy");
  });

  test("goes on to a better tier before a worse one, and within a tier to the cheapest", () => {
    const candidates = [
      named("dear", { estimatedUsd: 0.5 }),
      named("unknown", { estimatedUsd: null }),
      named("cheap", { estimatedUsd: 0.1 }),
      named("small", { tier: "economy" }),
      named("large", { tier: "premium" }),
    ];
    expect(orderOf(start("quality"), candidates, seeded(1), { inputTokens: 50_000 })).toEqual([
      "cheap",
      "dear",
      "unknown",
      "large",
      "small",
    ]);
  });
});

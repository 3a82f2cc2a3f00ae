// What a session's turns cost: less while the vendor has them cached, as much as other text otherwise.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { cachedShareOf, type TurnsInCache } from "./cached-turns.ts";
import type { TurnsToFit } from "./fit-conversation.ts";
import { createTurnFacts } from "./turn-facts.ts";

const counter = createTokenCounter("gpt-4o");
const minute = 60_000;
const firstAt = Date.UTC(2026, 0, 1);
const rules: TurnsToFit["rules"] = { maxTokens: 4000, lastTurns: 2, compactAfterTokens: 100, olderRatio: 0.5 };

/** @param ats minutes after the first turn. */
const turnsAt = (...ats: number[]): SessionTurn[] =>
  ats.map((at, position) => ({
    v: 1,
    number: position + 1,
    requestId: `request-${position + 1}`,
    at: firstAt + at * minute,
    messages: [
      { role: "user", text: `On day ${position} the weather over the hills was mild, and the garden needed no water at all.` },
      { role: "assistant", text: "The same is expected of the days that follow, so the pump may stay where it is." },
    ],
    inputTokens: { raw: 10, optimized: 10 },
  }));

function shareOf(turns: SessionTurn[], atMinute: number, changes: Partial<TurnsInCache["terms"]> = {}, own = rules): number {
  const input: TurnsToFit = { turns, rules: own, counter, facts: createTurnFacts() };
  const terms = { readShare: 0.1, leastTokens: 50, isPriced: true, ...changes };
  return cachedShareOf(input, { terms, prefixCacheMs: 5 * minute, at: firstAt + atMinute * minute });
}

const minutes = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("the share that a token of the turns costs", () => {
  test("is the vendor's for turns that followed each other without a pause", () => {
    expect(shareOf(turnsAt(...minutes(12)), 12)).toBe(0.1);
  });

  test("is all of it for turns that are too few for the vendor to cache", () => {
    expect(shareOf(turnsAt(...minutes(12)), 12, { leastTokens: 100_000 })).toBe(1);
  });

  test("is all of it where the model's prices are unknown", () => {
    expect(shareOf(turnsAt(...minutes(12)), 12, { isPriced: false })).toBe(1);
  });

  test("is all of it after a pause in which the vendor forgot long turns, before the request and between turns", () => {
    expect(shareOf(turnsAt(...minutes(12)), 60)).toBe(1);
    expect(shareOf(turnsAt(...minutes(12), 60, 61), 62)).toBe(1);
  });

  test("is the vendor's after a pause before which the turns were short, since they were not compacted", () => {
    expect(shareOf(turnsAt(0, 1, ...minutes(8).map((at) => at + 60)), 68)).toBe(0.1);
  });

  test("looks at the last pause only", () => {
    expect(shareOf(turnsAt(0, 30, ...minutes(12).map((at) => at + 60), 90), 91)).toBe(1);
    expect(shareOf(turnsAt(0, 30, ...minutes(12).map((at) => at + 60)), 72)).toBe(0.1);
  });

  test("does not change when a turn comes exactly at the end of the time that vendors keep a prefix", () => {
    expect(shareOf(turnsAt(...minutes(12)), 16)).toBe(0.1);
    expect(shareOf(turnsAt(...minutes(12)), 16 + 1 / minute)).toBe(1);
  });

  test("is the vendor's for the first turn's request, with no turns to cost anything", () => {
    expect(shareOf([], 0, { leastTokens: 0 })).toBe(0.1);
  });
});

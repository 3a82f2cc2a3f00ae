import jsonProjection from "@nocp/assess/compression-strategies/json-projection.ts";
import logTemplates from "@nocp/assess/compression-strategies/log-templates.ts";
import type { CompressionOutput, CompressionStrategy } from "@nocp/assess/compression-strategy.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const counter = createTokenCounter("gpt-4o");
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const measured = (data: unknown, id = "t0") => {
  const text = `tool: ${safeJson(data)}`;
  return { item: { kind: "tool" as const, id, name: "tool", data: data as Json }, text, tokens: counter.count(text) };
};
/** What nesting makes too deep for JSON stands as a long text: only its tokens matter. */
const safeJson = (data: unknown): string => {
  try {
    return JSON.stringify(data);
  } catch {
    return "[".repeat(5000);
  }
};
const compress = (strategy: CompressionStrategy, data: readonly unknown[], query: string, ratio: number) => {
  const items = data.map((value, at) => measured(value, `t${at}`));
  const budgetTokens = Math.floor(items.reduce((sum, { tokens }) => sum + tokens, 0) * ratio);
  return { output: strategy.compress({ items, query, budgetTokens, counter }) as CompressionOutput, budgetTokens };
};

const hostileKeys = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  "\u0000",
  "\ud800",
  "length",
  "a.b",
  "名前",
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.string({ unit: "binary" }),
      fc.lorem({ maxCount: 60 }),
    ) as fc.Arbitrary<Json>,
    fc.array(tie("value"), { maxLength: 12 }) as fc.Arbitrary<Json>,
    fc.dictionary(fc.oneof(hostileKeys, fc.string()), tie("value"), { maxKeys: 9, noNullPrototype: true }) as fc.Arbitrary<Json>,
  ),
})).value;

describe("projection of tool results", () => {
  it("keeps the budget, the items and their order for any JSON, question and ratio", () => {
    fc.assert(
      fc.property(
        fc.array(json, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (data, query, ratio) => {
          const { output, budgetTokens } = compress(jsonProjection, data, query, ratio);
          expect(output.pieces.map(({ itemId }) => itemId)).toEqual(data.map((_, at) => `t${at}`));
          for (const piece of output.pieces) expect(piece.tokens).toBe(piece.text === "" ? 0 : counter.count(piece.text));
          expect(output.pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budgetTokens);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keeps the budget for any lines of a log", () => {
    const line = fc
      .tuple(fc.nat(9999), fc.constantFrom("INFO", "ERROR", "DEBUG"), fc.lorem({ maxCount: 8 }))
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 20, maxLength: 80 }),
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lines, query, ratio) => {
          const { output, budgetTokens } = compress(logTemplates, [lines], query, ratio);
          expect(output.pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budgetTokens);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("finds the row that a question names, wherever it stands and whatever the columns are called", () => {
    const rowKeys = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(rowKeys, fc.integer({ min: 30, max: 120 }), fc.nat(), (keys, count, at) => {
        const rows = Array.from({ length: count }, (_, row) =>
          Object.fromEntries(
            keys.map((key, column) => [key, `${String.fromCharCode(65 + column)}${row * 7919 + column * 104729 + 1000}`]),
          ),
        );
        const row = rows[at % count] as Record<string, string>;
        const { output } = compress(jsonProjection, [rows], `What is the ${keys[2]} of ${row[keys[0] as string]}?`, 0.1);
        expect(output.pieces[0]?.text).toContain(row[keys[2] as string]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("hostile tool results", () => {
  const nested = (open: (inner: Json) => Json, levels: number): Json => {
    let value: Json = "the bottom of it";
    for (let level = 0; level < levels; level++) value = open(value);
    return value;
  };

  it.each([
    ["lists", (inner: Json): Json => [inner]],
    ["objects", (inner: Json): Json => ({ deeper: inner, beside: 1 })],
    ["embedded lists of maps", (inner: Json): Json => [{ a: inner }, { a: 1 }]],
  ])("survive 100,000 levels of %s", (_, open) => {
    for (const ratio of [0.2, 0.7]) {
      const { output, budgetTokens } = compress(jsonProjection, [nested(open, 100_000)], "What is at the bottom?", ratio);
      expect(output.pieces[0]?.tokens).toBeLessThanOrEqual(budgetTokens);
    }
  });

  it("survive JSON text nested 20,000 levels deep, lone surrogates and one endless line", () => {
    const texts = [
      "[".repeat(20_000) + "]".repeat(20_000),
      "\ud800".repeat(5000),
      "_".repeat(200_000),
      `{"a":${"9".repeat(10_000)}}`,
    ];
    const { output, budgetTokens } = compress(jsonProjection, texts, "What is a?", 0.1);
    expect(output.pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budgetTokens);
  });

  it("leave prototypes alone", () => {
    const data = JSON.parse(
      '[{"__proto__":{"polluted":"yes"},"constructor":{"name":"x"}},{"__proto__":{"polluted":"no"}},{"id":7,"note":"fine"}]',
    );
    compress(jsonProjection, [data], "What is polluted?", 0.8);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { equalValues } from "@nocp/text/formats/equal-values.ts";
import type { Format } from "@nocp/text/formats/format.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { selectFormat } from "@nocp/text/formats/select-format.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextItems } from "../fixtures/context-items.ts";

const formats = await loadFormats();
const counter = createTokenCounter("gpt-4o");

const scalar = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 10 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().map((digits) => parseExactly(String(digits))),
  fc.bigInt().map(String),
);
/** Without backslashes: once V8 has parsed a key of one, it may take an escaped key for it (nodejs/node#63785). */
const columnName = fc.string({ maxLength: 6 }).map((name) => name.replaceAll("\\", "/"));
const table = fc
  .uniqueArray(columnName, { minLength: 1, maxLength: 5 })
  .chain((columns) =>
    fc
      .array(fc.tuple(...columns.map(() => scalar)), { minLength: 1, maxLength: 8 })
      .map((rows) => rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))),
  );
const anyValue = fc.oneof(
  table,
  fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes("\\\\")),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Tokens of a value in a format, the slow and certain way. */
function tokensIn(format: Format, value: unknown): number {
  try {
    const text = format.render(value);
    if (text?.isWellFormed() && equalValues(format.parse(text), value)) return counter.count(text);
  } catch {
    // Cannot hold it.
  }
  return Number.POSITIVE_INFINITY;
}

describe("selecting a format for any JSON value", () => {
  it("finds the true minimum over all formats that give the value back", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const selected = selectFormat(value, formats, counter);
        expect(selected.tokens).toBe(Math.min(...formats.map((format) => tokensIn(format, value))));
        expect(selected.tokens).toBeLessThanOrEqual(counter.count(JSON.stringify(value)));
      }),
      { numRuns: 2000 },
    );
  });

  it("hands on a text that gives the value back, whatever was asked for", () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(...formats.map(({ name }) => name)), (value, asked) => {
        const selected = selectFormat(value, formats, counter, asked);
        const format = formats.find(({ name }) => name === selected.format);
        expect(equalValues(format?.parse(selected.text), value)).toBe(true);
        expect(
          selected.format === asked || tokensIn(formats.find(({ name }) => name === asked)!, value) === Number.POSITIVE_INFINITY,
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("finds it for tool results of the usual shapes", () => {
    const results = contextItems.flatMap((item) => (item.kind === "tool" ? [item.data] : []));
    let smaller = 0;
    for (const data of results) {
      const selected = selectFormat(data, formats, counter);
      expect(selected.tokens).toBe(Math.min(...formats.map((format) => tokensIn(format, data))));
      const jsonTokens = counter.count(JSON.stringify(data));
      expect(selected.tokens).toBeLessThanOrEqual(jsonTokens);
      if (selected.tokens < jsonTokens) smaller++;
    }
    expect(smaller).toBeGreaterThan(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { createArgumentText } from "./argument-text.ts";
import { parseToolArguments } from "./read-answer.ts";

/** What is shown of a text in these pieces. */
function shownOf(pieces: readonly string[]) {
  const text = createArgumentText();
  return { shown: pieces.map((piece) => text.push(piece)).join(""), isComplete: text.isComplete };
}

/** The text in pieces of the given lengths, over and over. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let start = 0, at = 0; start < text.length; at++) {
    const length = lengths[at % lengths.length] ?? 1;
    pieces.push(text.slice(start, start + length));
    start += length;
  }
  return pieces;
}

const blanks = fc.constantFrom("", " ", "\n  ", "\t", "\r\n");
const key = fc.string({ unit: "grapheme", maxLength: 5 }).map((name) => `k${name}`);
const number = fc.constantFrom("0", "-0", "1.0", "1e5", "-12.50", "2512292042121000001", "0.1234567890123456789", "1E-3");
/** A string as a model may write it: with escapes that it does not need, halves of characters, and raw line breaks. */
const string = fc
  .array(
    fc.constantFrom("a", "é", "\\u00e9", "\\/", "/", "\\n", '\\"', "\\\\", "\\ud83d\\ude00", "😀", "\\ud83d", "\n", "\\u0041"),
  )
  .map((parts) => `"${parts.join("")}"`);
const { object } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, number, string, fc.constantFrom("true", "false", "null"), tie("list"), tie("object")),
  list: fc
    .tuple(blanks, fc.array(tie("value"), { maxLength: 3 }))
    .map(([blank, values]) => `[${blank}${values.join(`${blank},`)}]`),
  object: fc
    .tuple(blanks, fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 3, selector: ([name]) => name }))
    .map(([blank, fields]) => {
      const written = fields.map(([name, value]) => `${JSON.stringify(name)}${blank}:${blank}${value}`);
      return `{${blank}${written.join(`${blank},${blank}`)}${blank}}`;
    }),
}));

describe("arguments on their way", () => {
  it("are, piece by piece, what JSON.stringify makes of them when they are read", () => {
    fc.assert(
      fc.property(
        blanks,
        object,
        blanks,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (...given) => {
          const [before, json, after, lengths] = given;
          const whole = before + json + after;
          expect(shownOf(cut(whole, lengths))).toEqual({ shown: JSON.stringify(parseToolArguments(whole)), isComplete: true });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are shown as soon as they are certain", () => {
    const text = createArgumentText();
    expect(['{"city": "Os', "lo", "\\u00", 'e9", "days": 1', "2, "].map((piece) => text.push(piece))).toEqual([
      '{"city":"Os',
      "lo",
      "",
      'é","days":',
      "12,",
    ]);
    expect(text.isComplete).toBe(false);
  });

  it("are read once, also a number that goes on and on", async () => {
    await expectLinearWork((digits) => {
      const whole = `{"n":${"7".repeat(digits)}}`;
      expect(shownOf(cut(whole, [1]))).toEqual({ shown: whole, isComplete: true });
    }, 8_000);
  });

  it.each([
    ["null", ""],
    ["-1", ""],
    ['{"a":-}', '{"a":'],
    ['{"a":+1}', '{"a":'],
    ['"{}"', ""],
    ["[1]", ""],
    ["Oslo", ""],
    ['{"a": "\\x"}', '{"a":"'],
    ["{'a': 1}", "{"],
    ['{"a": 1', '{"a":'],
  ])("that are no object, or none to its end, are not complete: %s", (written, shown) => {
    expect(shownOf([written])).toEqual({ shown, isComplete: false });
  });

  it("end with the object", () => {
    expect(shownOf(['{"a":{}}', ' {"b":1}'])).toEqual({ shown: '{"a":{}}', isComplete: true });
  });
});

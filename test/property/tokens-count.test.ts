import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import fc from "fast-check";
import { countTokens as countWithGptTokenizer } from "gpt-tokenizer/encoding/o200k_base";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import { describe, expect, it } from "vitest";

/** Characters at which the patterns of the encodings turn: cases, marks, blanks, contractions, special tokens. */
const turningPoints = fc.constantFrom(
  ..."aBÉǅʰあ漢\u0301\u09031²Ⅷ \n\r\t\u00a0\ufeff\u2028!/'’_-ſKß０กשا\ud800\udc00",
  ...["  ", "'s", "'LL", "'re", "😀", "👨‍👩‍👧", "<|endoftext|>", "the", " HTTP", '{"', '":'],
);
const anyText = fc.oneof(
  fc.array(turningPoints, { maxLength: 24 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.json(),
  fc.array(fc.lorem({ maxCount: 3 }), { maxLength: 4 }).map((parts) => parts.join("\n")),
);
const runs = { numRuns: 2000 };

describe("counting any text", () => {
  for (const [encoding, model, ranks] of [
    ["o200k_base", "gpt-4o", o200k],
    ["cl100k_base", "gpt-4", cl100k],
  ] as const) {
    const reference = new Tiktoken(ranks);
    it(`gives what js-tiktoken gives in ${encoding}`, () => {
      const { count } = createTokenCounter(model);
      fc.assert(
        fc.property(anyText, (text) => {
          expect(count(text)).toBe(reference.encode(text, [], []).length);
        }),
        runs,
      );
    });
  }

  it("gives what gpt-tokenizer gives, but for byte order marks, which that loses inside a token", () => {
    const { count } = createTokenCounter("gpt-4o");
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = text.replaceAll("\ufeff", "");
        expect(count(plain)).toBe(countWithGptTokenizer(plain, { allowedSpecial: new Set(), disallowedSpecial: new Set() }));
      }),
      runs,
    );
  });

  it("never gives more than the bytes of the text, and nothing only for nothing", () => {
    for (const model of ["gpt-4o", "gpt-4"]) {
      const { count } = createTokenCounter(model);
      fc.assert(
        fc.property(anyText, (text) => {
          expect(count(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
          expect(count(text) === 0).toBe(text === "");
        }),
      );
    }
  });

  it("gives the same for a text whatever was counted before", () => {
    const { count } = createTokenCounter("gpt-4o");
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const before = count(text);
        count(other);
        expect(count(text)).toBe(before);
      }),
    );
  });
});

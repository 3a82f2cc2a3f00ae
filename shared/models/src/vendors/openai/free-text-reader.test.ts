import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFreeTextReader } from "./free-text-reader.ts";

describe("free text on its way", () => {
  it("is read from its JSON, wherever that is cut", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "é", "😀", "\ud83d", "\u0001"), maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 8 }), (text, length) => {
        const json = JSON.stringify({ input: text });
        const reader = createFreeTextReader();
        let told = "";
        for (let at = 0; at < json.length; at += length) told += reader.push(json.slice(at, at + length));
        expect(told).toBe(text);
        expect(reader.end()).toEqual({ text, rest: "" });
      }),
    );
  });

  it.each([
    ['{"input":"a","more":1}', "a", "a", ""],
    ['{"more":1,"input":"a"}', "", "a", "a"],
    ['{"patch":"a"}', "", '{"patch":"a"}', '{"patch":"a"}'],
  ])("of other arguments is what the whole call has: %s", (json, told, text, rest) => {
    const reader = createFreeTextReader();
    expect(reader.push(json)).toBe(told);
    expect(reader.end()).toEqual({ text, rest });
  });
});

import { createToolNames } from "@nocp/models/prompts/tool-names.ts";
import { extractAnswer, noAnswer } from "@nocp/models/vendors/extractive/extract-answer.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptOf } from "../fixtures/llm-router-fixtures.ts";

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.array(fc.string()).map((lines) => lines.join("\n")),
);

describe("an extracted answer", () => {
  it("comes for any context and any question, with a confidence between 0 and 1", () => {
    fc.assert(
      fc.property(text, text, (context, query) => {
        const { text: answer, confidence } = extractAnswer(promptOf(query, { context }));
        expect(answer.length).toBeGreaterThan(0);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(answer.startsWith(noAnswer)).toBe(confidence === 0);
      }),
    );
  });

  it("finds any value under any name in a list of records", () => {
    const word = fc.stringMatching(/^[a-z]{5,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 3, maxLength: 20 }), fc.nat(), (names, choice) => {
        const rows = names.map((name, at) => ({ name, weight: 1000 + at }));
        const chosen = rows[choice % rows.length]!;
        const { text: answer } = extractAnswer(
          promptOf(`What is the weight of ${chosen.name}?`, { context: JSON.stringify(rows) }),
        );
        expect(answer).toContain(`weight: ${chosen.weight}`);
      }),
    );
  });
});

it("tool names survive the way to any vendor and back", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 90 }), { maxLength: 12 }), (names) => {
      const { toVendor, fromVendor } = createToolNames(names);
      expect(names.map((name) => fromVendor(toVendor(name)))).toEqual(names);
      for (const name of names) expect(toVendor(name)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    }),
  );
});

import { shapeAnswer } from "@nocp/articulate/shape-answer.ts";
import { outputFormats } from "@nocp/contracts/request.ts";
import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { equalValues } from "@nocp/text/formats/equal-values.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const formats = await loadFormats();
const counter = createTokenCounter("gpt-4o");
const validator = createSchemaValidator({ maxBytes: 10_000, cacheSize: 8, timeoutMs: 60_000 });
const dependencies = { formats, validator, maxComparedBytes: 100_000 };
const asked = fc.constantFrom("auto" as const, ...outputFormats);
/** Without backslashes: once V8 has parsed a key of one, it may take an escaped key for it (nodejs/node#63785). */
const jsonValue = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes("\\\\"));
const parsed = (format: string, text: string): unknown => formats.find(({ name }) => name === format)?.parse(text);

describe("shaping any answer", () => {
  it("loses nothing of what the model said, whatever format was asked for", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.json()), asked, (answer, format) => {
        const shaped = shapeAnswer(answer, { format }, counter, dependencies);
        const value = parsed(shaped.format, shaped.text);
        const isText = equalValues(value, answer) || shaped.text === answer;
        expect(isText || equalValues(value, JSON.parse(answer))).toBe(true);
        expect(shaped.tokens.optimized).toBe(counter.count(shaped.text));
      }),
      { numRuns: 500 },
    );
  });

  it("finds the value that a schema asks for in fences and prose, and never takes more than compact JSON for it", () => {
    const schema = { type: "object", required: ["answer"] };
    const prose = fc.constantFrom("", "Sure. ", "See [1] and {x}:\n", "As asked:\n\n");
    fc.assert(
      fc.property(jsonValue, prose, fc.boolean(), (value, before, fenced) => {
        const json = JSON.stringify({ answer: value }, null, 2);
        const answer = `${before}${fenced && !json.includes("```") ? `\`\`\`json\n${json}\n\`\`\`` : json}\nDone.`;
        const shaped = shapeAnswer(answer, { schema, format: "auto" }, counter, dependencies);
        expect(equalValues(parsed(shaped.format, shaped.text), { answer: value })).toBe(true);
        expect(shaped.tokens.optimized).toBeLessThanOrEqual(shaped.tokens.raw);
      }),
      { numRuns: 500 },
    );
  });
});

// Whatever the context holds, the compressor stays within the budget, invents nothing and does not throw.
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { plainTerminalText } from "@nocp/text/structure/terminal-text.ts";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

const counter = createTokenCounter("gpt-4o");
let compress: ReturnType<typeof createCompressor>["compress"];

beforeAll(async () => {
  compress = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter }).compress;
});

const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ..."the river Danube flows through Vienna in 1842 order AB-1234 was sent to anna@example.org".split(" "),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("北京是中国的首都。", "ما عاصمة فرنسا؟", "ירושלים", "กรุงเทพมหานคร", "Größe", "👩‍👩‍👧"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const text = fc
  .array(fc.tuple(fc.array(word, { minLength: 1, maxLength: 14 }), fc.constantFrom(". ", "\n", "! ", ", ", "")), {
    maxLength: 30,
  })
  .map((sentences) => sentences.map(([words, end]) => `${words.join(" ")}${end}`).join(""));
const document = fc.record({ kind: fc.constant("document" as const), title: fc.oneof(fc.constant(""), word), text });
const message = fc.record({
  kind: fc.constant("message" as const),
  role: fc.constantFrom("user", "assistant", "Project Manager"),
  text,
});
const items = fc
  .array(fc.oneof(document, message), { minLength: 1, maxLength: 12 })
  .map((all) => all.map((item, at): ContextItem => ({ ...item, id: `item-${at}` })));

describe("the compressor", () => {
  it("never takes more tokens than the budget, counted on the final text", async () => {
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.array(word, { maxLength: 8 }),
        fc.double({ min: 0.02, max: 0.99, noNaN: true }),
        async (all, query, targetRatio) => {
          const result = await compress({ query: query.join(" "), items: all, targetRatio, mode: "auto" });
          expect(result.warnings).toEqual([]);
          expect(result.optimizedTokens).toBe(result.text === "" ? 0 : counter.count(result.text));
          expect(result.optimizedTokens).toBeLessThanOrEqual(targetRatio * result.rawTokens);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps parts of documents that stand in the source, with marks between them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 8 }),
        fc.array(word, { maxLength: 8 }),
        async (documents, query) => {
          const all = documents.map((item, at): ContextItem => ({ ...item, id: `item-${at}` }));
          const { pieces } = await compress({ query: query.join(" "), items: all, targetRatio: 0.4, mode: "auto" });
          pieces.forEach((piece, at) => {
            const written = `${documents[at]?.title}\n${documents[at]?.text}`;
            // Codes for terminals stay where taking them out saves next to nothing.
            const source = `${written}\n${plainTerminalText(written)}`;
            for (const part of piece.text.split(/ ?\[…\d*\] ?|\n/)) expect(source).toContain(part);
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives one piece for each item, in order, and reports what it took from which", async () => {
    await fc.assert(
      fc.asyncProperty(items, async (all) => {
        const result = await compress({ query: "where does the Danube flow", items: all, targetRatio: 0.3, mode: "auto" });
        expect(result.pieces.map((piece) => piece.itemId)).toEqual(all.map((item) => item.id));
        const removed = new Set(result.removed.map(({ item }) => item.id));
        expect(result.pieces.filter((piece) => piece.removed).map((piece) => piece.itemId)).toEqual([...removed]);
        expect(result.rawTokens - result.strategies.reduce((sum, report) => sum + report.before, 0)).toBe(
          result.strategies.length === 0 ? result.rawTokens : 0,
        );
      }),
      { numRuns: 100 },
    );
  });

  it("answers the same to the same input", async () => {
    await fc.assert(
      fc.asyncProperty(items, async (all) => {
        const request = { query: "order AB-1234", items: all, targetRatio: 0.3, mode: "auto" } as const;
        expect(await compress(request)).toEqual(await compress(request));
      }),
      { numRuns: 30 },
    );
  });
});

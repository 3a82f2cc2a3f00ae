// Whatever was archived: chunks lose nothing, parts of an original join to it, and passages stand in the original.

import { searchOriginals } from "@nocp/act/archive/search-originals.ts";
import { showOriginal } from "@nocp/act/archive/show-original.ts";
import { splitChunks } from "@nocp/act/archive/text-chunks.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createBundle, originalsOf } from "@nocp/runtime/stores/archive/bundle.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-1" };
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(..."the bridge over the Danube, built in 1842. Order AB-1234 was sent!".split(" ")) },
  { weight: 1, arbitrary: fc.constantFrom("北京是中国的首都。", "Größe", "👩‍👩‍👧", "\n", '},{"id":7}') },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
);
const text = fc.array(word, { maxLength: 300 }).map((words) => words.join(" "));
const fetched = (item: ContextItem) => {
  const [original] = originalsOf(createBundle(scope, [item]));
  if (!original) throw new Error("an item gives one original");
  return original;
};

test("chunks touch and cover the text, of prose and of JSON", () => {
  fc.assert(
    fc.property(text, fc.boolean(), (whole, isJson) => {
      const chunks = splitChunks(whole, isJson);
      expect(chunks.map(({ start, end }) => whole.slice(start, end)).join("")).toBe(whole);
      for (const { start, end } of chunks) expect(end).toBeGreaterThan(start);
    }),
  );
});

test("parts of an original, read one after the other, are the original", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 500 }), (whole, maxBytes) => {
      const original = fetched({ kind: "message", id: "m", role: "user", text: whole });
      let joined = "";
      for (let fromByte: number | undefined = 0; fromByte !== undefined; ) {
        const part = showOriginal(original, fromByte, maxBytes) as { text: string; nextByte?: number };
        joined += part.text;
        fromByte = part.nextByte;
      }
      expect(joined).toBe(whole);
    }),
    { numRuns: 60 },
  );
});

test("passages stand in their originals, within the size asked for", async () => {
  let found = 0;
  const { signal } = new AbortController();
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 6 }),
      word,
      fc.integer({ min: 1, max: 3000 }),
      async (texts, query, maxBytes) => {
        const items = texts.map((own, at): ContextItem => ({ kind: "document", id: `d${at}`, title: `T${at}`, text: own }));
        const { passages, matches } = await searchOriginals(originalsOf(createBundle(scope, items)), query, maxBytes, signal);
        expect(passages.length).toBeLessThanOrEqual(matches);
        expect(passages.reduce((sum, passage) => sum + Buffer.byteLength(passage.text), 0)).toBeLessThanOrEqual(maxBytes);
        for (const { itemId, text: passage } of passages) expect(texts[Number(itemId.slice(1))]).toContain(passage);
        found += passages.length;
      },
    ),
  );
  expect(found).toBeGreaterThan(0);
});

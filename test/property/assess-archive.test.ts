// Nothing is gone: whatever compression removes is in the archive bundle, byte for byte.
import { createCompressor } from "@nocp/assess/compress.ts";
import type { CompressionStrategy, MeasuredItem } from "@nocp/assess/compression-strategy.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { measureReadable } from "@nocp/assess/measure-items.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { archivedOf, createBundle, originalsOf, readBundle, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

const counter = createTokenCounter("gpt-4o");
const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-1" };
let strategies: readonly CompressionStrategy[];
let compress: ReturnType<typeof createCompressor>["compress"];

beforeAll(async () => {
  strategies = await loadStrategies();
  compress = createCompressor({ strategies, counterFor: () => counter }).compress;
});

const word = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."the bridge over the Danube was built in 1842 for order AB-1234 ERROR".split(" ")) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "北京是中国的首都。",
      "Größe",
      "👩‍👩‍👧",
      "\u001b[31mred\u001b[0m",
      "\ud83d",
      "a\u0301",
      "\r\n",
      "\u2028",
      "\0",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const text = fc
  .array(fc.tuple(fc.array(word, { minLength: 1, maxLength: 12 }), fc.constantFrom(". ", "\n", "! ", "")), { maxLength: 25 })
  .map((sentences) => sentences.map(([words, end]) => `${words.join(" ")}${end}`).join(""));
const row = fc.record({
  id: fc.nat(999),
  status: fc.constantFrom("sent", "failed"),
  total: fc.double({ noNaN: true }),
  note: word,
});
const logLine = fc
  .tuple(fc.nat(59), fc.constantFrom("INFO", "WARN", "ERROR"), fc.nat(9))
  .map(
    ([second, level, worker]) =>
      `2026-01-01T10:00:${String(second).padStart(2, "0")}Z ${level} worker ${worker} handled a request in ${second * 7} ms`,
  );
const data = fc.oneof(
  fc.jsonValue(),
  fc.array(row, { minLength: 3, maxLength: 40 }),
  fc.array(logLine, { minLength: 5, maxLength: 60 }).map((lines) => lines.join("\n")),
  fc.array(row, { maxLength: 10 }).map((rows) => ({ content: JSON.stringify(rows), path: "orders.json" })),
);
const document = fc.record({ kind: fc.constant("document" as const), title: fc.oneof(fc.constant(""), word), text });
const message = fc.record({
  kind: fc.constant("message" as const),
  role: fc.constantFrom("user", "assistant", "tool"),
  text: fc.oneof(
    text,
    fc.array(row, { maxLength: 8 }).map((rows) => JSON.stringify(rows)),
  ),
});
const tool = fc.record({ kind: fc.constant("tool" as const), name: fc.constantFrom("orders.search", "file.read"), data });
const items = fc
  .array(fc.oneof(document, message, tool), { minLength: 1, maxLength: 10 })
  .map((all) => all.map((item, at) => ({ ...item, id: `item-${at}` }) as ContextItem));
const ratio = fc.double({ min: 0.02, max: 0.95, noNaN: true });

/** An item's bytes by the definition, written down a second time: text or compact JSON. */
const originalText = (item: ContextItem): string => (item.kind === "tool" ? JSON.stringify(item.data) : item.text);

describe("what compression removes", () => {
  it("is in the archive byte for byte, and everything else stands in the text", async () => {
    let removedItems = 0;
    let recoveredItems = 0;
    await fc.assert(
      fc.asyncProperty(items, fc.array(word, { maxLength: 6 }), ratio, async (all, query, targetRatio) => {
        const result = await compress({ query: query.join(" "), items: all, targetRatio, mode: "auto", archiveScope: scope });
        const { bundle } = result;
        const stored = bundle && readBundle(bundle.reference, new Uint8Array(bundle.bytes));
        const originals = new Map((stored ? originalsOf(stored) : []).map((original) => [original.itemId, original]));
        const lossless = new Set(strategies.filter(({ loss }) => loss === "lossless").map(({ name }) => name));
        // Colours are taken from every item and are nothing that is removed; text that was written over is.
        const readable = measureReadable(all, query.join(" "), counter);
        all.forEach((item, at) => {
          const original = originals.get(item.id);
          if (original === undefined) {
            const report = result.strategies.find(({ itemIds }) => itemIds.includes(item.id));
            if (report && lossless.has(report.strategy)) return;
            const { text, terminal } = readable[at] as MeasuredItem;
            const expected = terminal?.overwrote ? terminal.text : text;
            expect(result.pieces[at]?.text).toBe(expected);
            expect(result.text).toContain(expected);
            return;
          }
          removedItems++;
          expect(textOfOriginal(original)).toBe(originalText(item));
          if (originalText(item).isWellFormed())
            expect(Buffer.compare(original.content, Buffer.from(originalText(item)))).toBe(0);
          expect(original.title).toBe(item.kind === "document" ? item.title : item.kind === "message" ? item.role : item.name);
          recoveredItems++;
        });
        expect(result.removed.map(({ item }) => item.id)).toEqual([...originals.keys()]);
      }),
      { numRuns: process.env.LONG_TESTS === undefined ? 300 : 4000 },
    );
    expect(removedItems).toBeGreaterThan(0);
    expect(recoveredItems / removedItems).toBe(1);
  });

  it("is referred to within the token budget, or not at all", async () => {
    let referring = 0;
    await fc.assert(
      fc.asyncProperty(items, ratio, async (all, targetRatio) => {
        const result = await compress({ query: "Danube", items: all, targetRatio, mode: "auto", archiveScope: scope });
        expect(result.optimizedTokens).toBe(result.text === "" ? 0 : counter.count(result.text));
        expect(result.warnings).toEqual([]);
        expect(result.optimizedTokens).toBeLessThanOrEqual(targetRatio * result.rawTokens);
        if (result.referenceLine === "") return;
        referring++;
        expect(result.text.endsWith(`[shortened: context.retrieve ${result.bundle?.reference}]`)).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(referring).toBeGreaterThan(0);
  });
});

describe("a bundle", () => {
  it("has one reference for one content in one scope, and another elsewhere", () => {
    fc.assert(
      fc.property(items, (all) => {
        const bundle = createBundle(scope, all);
        expect(createBundle(structuredClone(scope), structuredClone(all))).toEqual(bundle);
        for (const other of [{ tenant: "other" }, { id: "s-2" }, { kind: "request" as const }])
          expect(createBundle({ ...scope, ...other }, all).reference).not.toBe(bundle.reference);
        expect(archivedOf(bundle)).toHaveLength(all.length);
      }),
      { numRuns: 50 },
    );
  });

  it("that was changed by a single byte is not given back", () => {
    fc.assert(
      fc.property(items, fc.nat(), (all, place) => {
        const { reference, bytes } = createBundle(scope, all);
        const changed = new Uint8Array(bytes);
        const at = place % changed.length;
        changed[at] = (changed[at] as number) ^ 1;
        expect(() => readBundle(reference, changed)).toThrow("damaged");
      }),
      { numRuns: 50 },
    );
  });
});

it("a strategy that hides what it removed is not believed", async () => {
  const liar: CompressionStrategy = {
    name: "liar",
    description: "Says that it removed nothing.",
    loss: "lossy",
    takes: () => true,
    estimate: () => ({ tokens: 0, expectedRecall: 1 }),
    compress: ({ items: measured }) => ({
      pieces: measured.map(({ item }) => ({ itemId: item.id, text: "", tokens: 0, removed: false })),
      justification: "0 of 1",
    }),
  };
  const item: ContextItem = { kind: "document", id: "d", title: "", text: "A bridge. ".repeat(500) };
  const { compress: lie } = createCompressor({ strategies: [liar], counterFor: () => counter });
  const { bundle } = await lie({ query: "", items: [item], targetRatio: 0.5, mode: "auto", archiveScope: scope });
  expect(bundle && originalsOf(bundle).map(textOfOriginal)).toEqual([item.text]);
});

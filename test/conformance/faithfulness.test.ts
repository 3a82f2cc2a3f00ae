// What survives compression still says what it said: lines stand below their own parents, pairs stay together, records whole.
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { type FaithfulnessCase, judge } from "@nocp/benchmarks/faithfulness/faithfulness-case.ts";
import { families, forms } from "@nocp/benchmarks/faithfulness/families.ts";
import { createWords } from "@nocp/benchmarks/faithfulness/words.ts";
import type { ToolItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

/** One for each of some 590 kinds; `./nocp benchmark faithfulness` takes more. */
const seeds = [3];

describe.each(Object.entries(families))("%s", (_, cases) => {
  test.each(Object.keys(cases))("%s", async (kind) => {
    const verdicts: string[] = [];
    for (const seed of seeds)
      for (const [form, itemOf] of Object.entries(forms)) {
        const sample = cases[kind]?.(createWords(seed * 101 + kind.length)) as FaithfulnessCase;
        const { text, rawTokens, optimizedTokens } = await compressor.compress({
          query: sample.query,
          items: [itemOf(sample)],
          mode: "auto",
        });
        const verdict = judge(sample.gold, text);
        if (verdict !== "right") verdicts.push(`${form}, seed ${seed}: ${verdict}: ${sample.query}`);
        // Whole texts would be faithful without any structure.
        if (optimizedTokens > 0.6 * rawTokens) verdicts.push(`${form}, seed ${seed}: ${optimizedTokens} of ${rawTokens} tokens`);
      }
    expect(verdicts).toEqual([]);
  });
});

describe("lists and maps of scalars that are cut", () => {
  const slugs = Array.from({ length: 300 }, (_, at) => `${createWords(at + 1).word()}-${createWords(at + 7).word()}-${at}`);
  const cut = async (data: ToolItem["data"], query = "How many are there?") =>
    (await compressor.compress({ query, items: [{ kind: "tool", id: "t", name: "file.read", data }], mode: "auto" })).text;

  test.each([
    ["strings", { slugs }],
    ["numbers", { numbers: slugs.map((_, at) => at * 7919) }],
    ["a list alone", slugs],
    ["a map", Object.fromEntries(slugs.map((slug, at) => [slug, at * 7919]))],
  ])("say how many they had: %s", async (_, data) => {
    const text = await cut(data);
    const [, kept = "", total = ""] = /\[(\d+) of (\d+)\]/.exec(text) ?? [];
    expect(Number(total)).toBe(300);
    expect(Number(kept)).toBeLessThan(Number(total));
  });

  test("also inside the cells of a table", async () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ name: `row ${at}`, tags: slugs.slice(at, at + 40), id: at }));
    expect(await cut(rows, "Which tags does row 7 have?")).toMatch(/\[\d+ of 40\]/);
  });
});

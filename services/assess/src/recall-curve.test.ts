// A floor of recall instead of a size, on made-up haystacks: the answer stays, and tokens go.

import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { loadStrategies } from "./load-strategies.ts";
import { recallAt } from "./recall-curve.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

const trades = ["baker", "smith", "tailor", "miller", "carter", "cooper", "fisher", "mason", "potter", "weaver"];
const towns = ["Alvik", "Borgen", "Calder", "Dorum", "Elsfleth", "Farsund", "Gamle", "Horten", "Ilmen", "Jelsa"];

/** Twenty passages about trades in towns; one of them answers the question. */
function haystack(seed: number): { query: string; answer: string; items: ContextItem[] } {
  const items = Array.from({ length: 20 }, (_, at): ContextItem => {
    const town = towns[(seed + at) % towns.length];
    const trade = trades[(seed * 3 + at * 7) % trades.length];
    const lines = Array.from(
      { length: 12 },
      (_, line) =>
        `In year ${1800 + line} the ${trade} of ${town} counted ${seed * 31 + at * 13 + line} orders, as the books of the guild say.`,
    );
    return { kind: "document", id: `d${at}`, title: `${town} ${at}`, text: lines.join(" ") };
  });
  const target = items[seed % 20] as Extract<ContextItem, { kind: "document" }>;
  const answer = `K${seed}-${seed * 17}`;
  items[seed % 20] = { ...target, text: `${target.text} The seal of the ${trades[seed % 10]} of Quillby was ${answer}.` };
  return { query: `What was the seal of the ${trades[seed % 10]} of Quillby?`, answer, items };
}

describe("a floor of recall", () => {
  test("of nine tenths keeps the answer in at least nine of ten cases, and saves tokens in all", async () => {
    let kept = 0;
    const cases = Array.from({ length: 40 }, (_, seed) => haystack(seed + 1));
    for (const { query, answer, items } of cases) {
      const { text, optimizedTokens, rawTokens } = await compressor.compress({ query, items, recallFloor: 0.9, mode: "auto" });
      if (text.includes(answer)) kept++;
      expect(optimizedTokens).toBeLessThan(0.7 * rawTokens);
    }
    expect(kept / cases.length).toBeGreaterThanOrEqual(0.9);
  });

  test("keeps more the higher it is", async () => {
    const { query, items } = haystack(7);
    const sizes: number[] = [];
    for (const recallFloor of [0.3, 0.6, 0.8, 0.9, 0.95, 1]) {
      sizes.push((await compressor.compress({ query, items, recallFloor, mode: "auto" })).optimizedTokens);
    }
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(new Set(sizes).size).toBe(6);
  });
});

test.each([
  [0, 0],
  [0.1, 0.25],
  [0.2, 0.5],
  [0.6, 0.75],
  [1, 1],
  [2, 1],
])("a curve through (0.2, 0.5) is at %d of the tokens at %d", (share, recall) => {
  expect(recallAt([[0.2, 0.5]], share)).toBeCloseTo(recall, 9);
});

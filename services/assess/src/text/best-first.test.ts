import fc from "fast-check";
import { expect, test } from "vitest";
import { bestFirst, none } from "./best-first.ts";

function all(scores: readonly number[]): number[] {
  const next = bestFirst(scores);
  const units: number[] = [];
  for (let unit = next(); unit !== none; unit = next()) units.push(unit);
  return units;
}

test("the best comes first, equal ones in their order, and nothing without a score", () => {
  expect(all([0.2, 0, 0.9, -1, 0.2, 0.9])).toEqual([2, 5, 0, 4]);
  expect(all([])).toEqual([]);
});

test("the order is that of a sort", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2, max: 20 })), (scores) => {
      const sorted = [...scores.keys()].filter((unit) => (scores[unit] as number) > 0);
      sorted.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
      expect(all(scores)).toEqual(sorted);
    }),
  );
});

// Scores by words and by similarity, added.
import { describe, expect, test } from "vitest";
import { addSimilarity } from "./add-similarity.ts";

describe("scores by words and by similarity", () => {
  const bestOf = (scores: Float64Array) => scores.indexOf(Math.max(...scores));

  test("count the same, each in its own deviations, and none falls", () => {
    const words = Float64Array.of(4, 3, 0, 0);
    const both = addSimilarity(words, Float64Array.of(0.1, 0.9, 0.1, 0.1));
    expect(bestOf(words)).toBe(0);
    expect(bestOf(both)).toBe(1);
    const inOtherUnits = addSimilarity(words, Float64Array.of(-7, 9, -7, -7));
    for (const [at, score] of both.entries()) expect(score).toBeCloseTo(inOtherUnits[at] as number, 9);
    expect(both.every((score, at) => score >= (words[at] as number))).toBe(true);
  });

  test("are those by words where all are equally similar, and those by similarity where no word is in common", () => {
    const words = Float64Array.of(4, 3, 0, 0);
    expect(addSimilarity(words, new Float64Array(4).fill(0.3))).toEqual(words);
    expect(bestOf(addSimilarity(new Float64Array(3), Float64Array.of(0.1, 0.2, 0.4)))).toBe(2);
  });
});

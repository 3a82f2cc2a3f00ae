import { expect, test } from "vitest";
import { createLabelLimit } from "./label-limit.ts";

const madeUp = Array.from({ length: 50 }, (_, at) => `made-up-${at}`);

test("names that do not work leave the places to those that do", () => {
  const label = createLabelLimit(20);
  const shown = new Set(madeUp.map((name) => label(name, false)));
  expect(shown).toEqual(new Set(["made-up-0", "made-up-1", "other"]));
  expect(label("gpt-5-mini", true)).toBe("gpt-5-mini");
  expect(label("gpt-5-mini", false)).toBe("gpt-5-mini");
});

test("a name that fails first and works later keeps its series, and no longer takes a place of the others", () => {
  const label = createLabelLimit(10);
  expect([label("slow", false), label("slow", true), label("slow", false)]).toEqual(["slow", "slow", "slow"]);
  expect(label("next", false)).toBe("next");
});

test.each([1, 7, 10, 100])("never more than %i values and other, in whatever order they come", (limit) => {
  const label = createLabelLimit(limit);
  const shown = new Set<string>();
  for (let at = 0; at < 3000; at++) shown.add(label(`name-${(at * 7919) % 500}`, at % 3 === 0));
  expect(shown.size).toBeLessThanOrEqual(limit + 1);
  expect(shown).toContain("other");
});

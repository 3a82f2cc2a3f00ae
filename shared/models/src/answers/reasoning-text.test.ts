import fc from "fast-check";
import { expect, test } from "vitest";
import { createReasoningText, joinReasoning } from "./reasoning-text.ts";

test("reasoning in pieces is the reasoning as a whole", () => {
  const piece = fc.stringMatching(/^[ab\n ]{0,3}$/);
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 4 }), (items) => {
      const shown = createReasoningText();
      const told = items.flatMap((pieces, item) => pieces.map((one) => shown.push(item, one)));
      expect(told.join("")).toBe(joinReasoning(items.map((pieces) => pieces.join(""))));
    }),
  );
});

test.each([
  [["First.", " "], ["Second."], "First.\n\nSecond."],
  [["\n", "First", " ", "and last.", "\n\n"], [" "], "First and last."],
])("%j and %j are %j", (first, second, expected) => {
  const shown = createReasoningText();
  expect([...first.map((piece) => shown.push(0, piece)), ...second.map((piece) => shown.push(1, piece))].join("")).toBe(expected);
});

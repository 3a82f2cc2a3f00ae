import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThinkingSplitter, splitThinking } from "./split-thinking.ts";

/** A text in the pieces that the cuts make of it. */
const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...[...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((one, other) => one - other), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

function streamed(text: string, cuts: readonly number[]) {
  const splitter = createThinkingSplitter();
  const shown =
    pieces(text, cuts)
      .map((piece) => splitter.push(piece))
      .join("") + splitter.end();
  return { text: shown, reasoning: splitter.reasoning };
}

describe("<think> at the beginning of a text", () => {
  test.each([
    ["<think>\nLisbon or Porto?\n</think>\n\nPorto.", "Porto.", "Lisbon or Porto?"],
    ["\n <think>a</think>b", "b", "a"],
    ["<think></think>b", "b", ""],
    ["<think>never ends", "", "never ends"],
    ["<thin air", "<thin air", ""],
    ["Say <think>x</think>", "Say <think>x</think>", ""],
    ["thoughts\n</think>\n\nPorto.", "Porto.", "thoughts"],
    ["Close it with\n```\n</think>\n```", "Close it with\n```\n</think>\n```", ""],
    ["Write </think> at the end", "Write </think> at the end", ""],
    ["", "", ""],
  ])("%j is %j, thought %j", (whole, text, reasoning) => {
    expect(splitThinking(whole)).toEqual({ text, reasoning });
  });

  test("is found however the text is cut", () => {
    const whole = fc.tuple(
      fc.constantFrom("<think>", "\n<think>\n", "<thin", ""),
      fc.string(),
      fc.constantFrom("</think>", "</think>\n\n", "</thin"),
      fc.string(),
    );
    fc.assert(
      fc.property(whole, fc.array(fc.nat()), (parts, cuts) => {
        const text = parts.join("");
        expect(streamed(text, cuts)).toEqual(streamed(text, []));
      }),
    );
  });

  test("loses no character of an answer without the tag", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat()), (text, cuts) => {
        fc.pre(!text.trimStart().startsWith("<think>"));
        expect(streamed(text, cuts)).toEqual({ text, reasoning: "" });
      }),
    );
  });
});

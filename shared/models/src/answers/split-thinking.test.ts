import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThinkingSplitter, splitThinking, type WrittenAnswer } from "./split-thinking.ts";

/** A text in the pieces that the cuts make of it. */
const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...[...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((one, other) => one - other), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

const written = (known: Partial<WrittenAnswer> = {}): WrittenAnswer => ({
  ...{ isOpen: false, isFinished: true, isShown: false },
  ...known,
});

function streamed(text: string, cuts: readonly number[], { isOpen, isFinished } = written()) {
  let thought = "";
  const splitter = createThinkingSplitter((piece) => {
    thought += piece;
  }, isOpen);
  const shown =
    pieces(text, cuts)
      .map((piece) => splitter.push(piece))
      .join("") + splitter.end(isFinished);
  expect(thought.trim()).toBe(splitter.reasoning);
  return { text: shown, reasoning: splitter.reasoning };
}

describe("<think> at the beginning of a text", () => {
  test.each([
    ["<think>\nLisbon or Porto?\n</think>\n\nPorto.", "Porto.", "Lisbon or Porto?"],
    ["\n <think>a</think>b", "b", "a"],
    ["<think></think>b", "b", ""],
    ["<think></think>\n\nb", "b", ""],
    ["<think>never ends", "", "never ends"],
    ["<thin air", "<thin air", ""],
    ["Say <think>x</think>", "Say <think>x</think>", ""],
    ["thoughts\n</think>\n\nPorto.", "Porto.", "thoughts"],
    ["Close it with\n```\n</think>\n```", "Close it with\n```\n</think>\n```", ""],
    ["Write </think> at the end", "Write </think> at the end", ""],
    ["", "", ""],
  ])("%j is %j, thought %j", (whole, text, reasoning) => {
    expect(splitThinking(whole, written())).toEqual({ text, reasoning });
  });

  test.each(["thoughts\n</think>\n\nPorto.", "</think>\nPorto."])("stays as somebody has read it: %j", (whole) => {
    expect(splitThinking(whole, written({ isShown: true }))).toEqual({ text: whole, reasoning: "" });
  });

  test("is found however the text is cut", () => {
    const whole = fc.tuple(
      fc.constantFrom("<think>", "\n<think>\n", "<thin", ""),
      fc.string(),
      fc.constantFrom("</think>", "</think>\n\n", "</thin"),
      fc.string(),
    );
    fc.assert(
      fc.property(whole, fc.array(fc.nat()), fc.boolean(), fc.boolean(), (parts, cuts, isOpen, isFinished) => {
        const text = parts.join("");
        const answer = written({ isOpen, isFinished, isShown: true });
        expect(streamed(text, cuts, answer)).toEqual(splitThinking(text, answer));
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

describe("a text that begins inside the reasoning, because a chat template has opened it", () => {
  const thoughts = "Lisbon or Porto?";
  test.each([
    [`\n${thoughts}\n</think>\n\nPorto.`, "Porto.", thoughts],
    [`${thoughts} </think>Porto.`, "Porto.", thoughts],
    // Some servers show the tag of the template, and some models write it again.
    [`<think>\n${thoughts}\n</think>\n\nPorto.`, "Porto.", thoughts],
    ["\n</think>\n\nPorto.", "Porto.", ""],
    ["</think>\n\nPorto </think>.", "Porto </think>.", ""],
    ["Use ```\n</think>\n```", "```", "Use ```"],
  ])("%j is %j, thought %j", (whole, text, reasoning) => {
    expect(splitThinking(whole, written({ isOpen: true }))).toEqual({ text, reasoning });
  });

  test("is reasoning alone where the answer is cut before its end", () => {
    const cut = written({ isOpen: true, isFinished: false });
    expect(splitThinking(thoughts, cut)).toEqual({ text: "", reasoning: thoughts });
  });

  test("is an answer where the model ended without closing it: it did not think, or a schema left it no choice", () => {
    const whole = ' {"city":"Porto"}';
    expect(splitThinking(whole, written({ isOpen: true }))).toMatchObject({ text: whole });
  });
});

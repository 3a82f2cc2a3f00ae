import { describe, expect, test } from "vitest";
import { answerPieces } from "./answer-pieces.ts";

const thinking = { type: "thinking", thinking: "Which one?", signature: "c2ln" };
const redacted = { type: "redacted_thinking", data: "eA==" };
const summary = { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "A" }, { text: "B" }] };
const search = { id: "ws_1", type: "web_search_call" };

describe("the pieces of an answer", () => {
  test("are its text", () => {
    expect(answerPieces({ answer: "Paris" })).toEqual([{ text: "Paris" }]);
    expect(answerPieces({ answer: "" })).toEqual([]);
    expect(answerPieces({ answer: null })).toEqual([]);
  });

  test("have items of reasoning where they stood", () => {
    const reasoningItems = [
      { vendor: "anthropic", data: thinking },
      { vendor: "anthropic", data: redacted, textBefore: 2 },
    ];
    expect(answerPieces({ answer: "Paris", reasoning: "Which one?", reasoningItems })).toEqual([
      { text: "", reasoning: { vendor: "anthropic", item: 0, text: "Which one?" } },
      { text: "", reasoning: { vendor: "anthropic", item: 0, text: "", data: thinking } },
      { text: "Pa" },
      { text: "", reasoning: { vendor: "anthropic", item: 1, text: "", data: redacted } },
      { text: "ris" },
    ]);
  });

  test("say of OpenAI's items how they begin, what they say and what they are", () => {
    const reasoningItems = [summary, search].map((data) => ({ vendor: "openai", data }));
    const place = { vendor: "openai", item: 0, id: "rs_1" };
    expect(answerPieces({ answer: "x", reasoning: "AB", reasoningItems }).map(({ reasoning }) => reasoning)).toEqual([
      { ...place, text: "" },
      { ...place, part: { kind: "summary", index: 0 }, text: "A" },
      { ...place, part: { kind: "summary", index: 1 }, text: "B" },
      { ...place, text: "", data: summary },
      { vendor: "openai", item: 1, id: "ws_1", text: "", data: search },
      undefined,
    ]);
  });

  test("end their reasoning with what no item holds", () => {
    const reasoningItems = [{ vendor: "anthropic", data: thinking }];
    const pieces = answerPieces({ answer: "Paris", reasoning: "Which one?\n\nThis one.", reasoningItems });
    expect(pieces.map(({ text, reasoning }) => reasoning?.text ?? text)).toEqual(["Which one?", "", "This one.", "Paris"]);
    expect(answerPieces({ answer: "Paris", reasoning: "Hm." })).toEqual([
      { text: "", reasoning: { item: 0, text: "Hm." } },
      { text: "Paris" },
    ]);
  });

  test("leave a place beyond the text at its end, and items of nobody known out", () => {
    const reasoningItems = [
      { vendor: "anthropic", data: redacted, textBefore: 99 },
      { vendor: "other", data: { type: "thinking", thinking: "x" } },
    ];
    expect(answerPieces({ answer: "Paris", reasoningItems }).map(({ text, reasoning }) => reasoning?.vendor ?? text)).toEqual([
      "Paris",
      "anthropic",
    ]);
  });
});

import { type Prompt, promptMessages } from "@nocp/contracts/prompt.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { promptOf, weatherTool } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { type ReductionInput, reduceToFit, reductionOf, withPrompt } from "./reduce-call.ts";
import { selectPassages } from "./select-passages.ts";

const counter = createTokenCounter("gpt-4o");
const filler = (count: number) =>
  Array.from({ length: count }, (_, at) => `Entry ${at} tells of fields, rivers and weather.`).join("\n");
const answer = "The treasure of Captain Vane lies under the lighthouse.";
const question = "Where is the treasure of Captain Vane?";
const context = `${filler(300)}\n${answer}\n${filler(300)}`;

function reduced(prompt: Prompt, windowTokens: number, more: Partial<ReductionInput> = {}) {
  const input: ReductionInput = {
    call: { messages: promptMessages(prompt), prompt, tools: prompt.tools, toolChoice: "auto" },
    inputTokens: countPrompt(counter, prompt),
    maxOutputTokens: 500,
    windowTokens,
    counter,
    ...more,
  };
  const fitting = reduceToFit(reductionOf(input));
  return fitting && withPrompt(input.call, fitting);
}
const turn = (text: string) => ({ role: "user" as const, text });

describe("a call that is too long", () => {
  test("keeps of its context what the question is about, within the window", () => {
    const prompt = promptOf(question, { context });
    expect(countPrompt(counter, prompt)).toBeGreaterThan(5_000);
    const smaller = reduced(prompt, 2_000)!;
    expect(smaller.call.prompt.context).toContain(answer);
    expect(smaller.call.prompt.context).toContain("[…]");
    expect(smaller.inputTokens + smaller.maxOutputTokens).toBeLessThan(2_000);
    expect(smaller.call.messages).toEqual(promptMessages(smaller.call.prompt));
    expect(smaller.reductions).toEqual(["a shorter context"]);
  });

  test("is halved where nobody knows the window", () => {
    const prompt = promptOf(question, { context });
    const smaller = reduced(prompt, Number.POSITIVE_INFINITY)!;
    expect(smaller.inputTokens).toBeLessThanOrEqual(countPrompt(counter, prompt) / 2);
    expect(smaller.inputTokens).toBeGreaterThan(countPrompt(counter, prompt) / 3);
    expect(smaller.maxOutputTokens).toBe(500);
  });

  test("has a shorter answer where the window is small, and says so", () => {
    const smaller = reduced(promptOf(question, { context }), 1_000)!;
    expect(smaller.maxOutputTokens).toBe(250);
    expect(smaller.reductions).toEqual(["a shorter context", "at most 250 output tokens"]);
  });

  test("goes without its older messages before it goes without tools, and never without its question", () => {
    const history = [turn(filler(200)), turn("And then?"), turn(filler(20)), turn("Well.")];
    const smaller = reduced(promptOf(question, { history, tools: [weatherTool] }), 1_500)!;
    expect(smaller.reductions[0]).toBe("without the older messages");
    expect(smaller.call.prompt.history).toEqual(history.slice(2));
    const tools = Array.from({ length: 20 }, (_, at) => ({ ...weatherTool, name: `tool.${at}`, description: filler(5) }));
    const without = reduced(promptOf(question, { history, tools }), 1_000)!;
    expect(without.reductions.slice(0, 2)).toEqual(["without the earlier messages", "without tools"]);
    expect(without.call.tools).toEqual([]);
    expect(without.call.prompt.query).toBe(question);
  });

  test("keeps the contexts of messages that it goes without, cut like its own", () => {
    const history = [{ ...turn(filler(200)), context }, turn("And then?"), turn(filler(20)), turn("Well.")];
    const smaller = reduced(promptOf(question, { history, context: "Another note." }), 1_500)!;
    expect(smaller.call.prompt.history).toEqual(history.slice(2));
    expect(smaller.call.prompt.context).toContain(answer);
    expect(smaller.reductions.slice(0, 2)).toEqual(["without the older messages", "a shorter context"]);
  });

  test("keeps its tools where one must be called, and where calls of them are part of the conversation", () => {
    const tools = Array.from({ length: 20 }, (_, at) => ({ ...weatherTool, name: `tool.${at}`, description: filler(5) }));
    const prompt = promptOf(question, { tools });
    const call = { messages: promptMessages(prompt), prompt, tools, toolChoice: "required" as const };
    expect(reduced(prompt, 1_000, { call })).toBeUndefined();
    const toolRounds = [
      { role: "assistant" as const, text: "", toolRequests: [{ id: "1", name: "tool.1", arguments: {} }] },
      { role: "tool" as const, text: "Sunny.", toolRequestId: "1" },
    ];
    expect(reduced(promptOf(question, { tools, toolRounds }), 1_000)).toBeUndefined();
  });

  test("has shorter results of tools, each a part of its own", () => {
    const toolRounds = [
      { role: "assistant" as const, text: "", toolRequests: [{ id: "1", name: "read", arguments: {} }] },
      { role: "tool" as const, text: context, toolRequestId: "1" },
      { role: "tool" as const, text: filler(100), toolRequestId: "2" },
    ];
    const smaller = reduced(promptOf(question, { toolRounds }), 2_000)!;
    const [, first, second] = smaller.call.prompt.toolRounds;
    expect(first!.text).toContain(answer);
    expect(second!.text.length).toBeGreaterThan(0);
    expect(second!.text.length).toBeLessThan(filler(100).length);
  });

  test("stays as it is where the caller framed it, or nothing can be left out", () => {
    expect(reduced(promptOf("", { framing: "none", history: [turn(context)] }), 2_000)).toBeUndefined();
    expect(reduced(promptOf(context), 2_000)).toBeUndefined();
  });
});

test("a reduced call always fits, whatever it is made of", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 3_000 }), fc.nat(200).map(filler));
  fc.assert(
    fc.property(
      text,
      text,
      fc.array(text, { maxLength: 4 }),
      fc.integer({ min: 50, max: 4_000 }),
      (given, asked, said, window) => {
        const prompt = promptOf(asked, { context: given, history: said.map(turn) });
        const smaller = reduced(prompt, window);
        if (smaller) expect(countPrompt(counter, smaller.call.prompt) + smaller.maxOutputTokens).toBeLessThanOrEqual(window);
      },
    ),
    { numRuns: 60 },
  );
});

test("passages are chosen with linear work", () =>
  expectLinearWork((size) => {
    const text = filler(size);
    return selectPassages(text, question, text.length / 3, (one) => one.length);
  }, 2_000));

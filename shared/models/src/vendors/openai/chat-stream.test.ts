import { expect, test } from "vitest";
import { promptAsWritten } from "../../prompts/wire-prompt.ts";
import { noProgress } from "../../reported-usage.ts";
import { completionOfChat } from "./chat-answer.ts";
import { readChatStream } from "./chat-stream.ts";

const chunk = (choice: object, further: object = {}) => ({
  id: "c-1",
  model: "m-1",
  choices: [{ index: 0, ...choice }],
  ...further,
});

async function* streamOf(chunks: readonly object[]): AsyncGenerator<unknown> {
  yield* chunks;
}

const prompt = promptAsWritten({ messages: [], tools: [] });

async function read(chunks: readonly object[], opensThinking = false) {
  const pieces: string[] = [];
  const progress = noProgress();
  const reader = { model: "asked", progress, isShown: true, onDelta: (text: string) => pieces.push(text) };
  const answer = await readChatStream(streamOf(chunks), reader, prompt, opensThinking);
  return { answer, pieces, progress };
}

const streams = {
  "text, and a chunk that ends it": [
    chunk({ delta: { role: "assistant", content: "" }, finish_reason: null }),
    chunk({ delta: { content: "An answer" } }),
    chunk({ delta: { content: " in two pieces." } }),
    chunk({ delta: {}, finish_reason: "stop" }, { usage: null }),
  ],
  "the last piece of the text ends it": [chunk({ delta: { content: "Cut" }, finish_reason: "length" })],
  "a first chunk without content": [
    chunk({ delta: { role: "assistant", content: null, refusal: null } }),
    chunk({ delta: { content: "Text." } }),
    chunk({ delta: { content: null }, finish_reason: "stop" }),
  ],
  "a reason that is no text is none": [
    chunk({ delta: { content: "A" }, finish_reason: 7 }),
    chunk({ delta: {}, finish_reason: "stop" }),
  ],
  "calls of tools": [
    chunk({ delta: { tool_calls: [{ index: 0, id: "t", type: "function", function: { name: "f", arguments: "{}" } }] } }),
    chunk({ delta: {}, finish_reason: "tool_calls" }),
  ],
  "a filter ends it, and a later chunk without a reason changes nothing": [
    chunk({ delta: { content: "A" } }),
    chunk({ delta: {}, finish_reason: "content_filter" }),
    chunk({ delta: { content: "" } }),
  ],
};

const refusal = chunk({ delta: { refusal: "I do not say that." } });
const end = chunk({ delta: {}, finish_reason: "stop" });

test.each([
  ["a refusal", [refusal, end], true, "I do not say that."],
  ["a text and a refusal", [chunk({ delta: { content: "Porto." } }), refusal, end], false, "Porto."],
  ["a text with a tag alone", [chunk({ delta: { content: "Or\n</think>\nA" } }), end], false, "Or\n</think>\nA"],
])("what is shown of %s is the text of the result", async (_what, chunks, opensThinking, text) => {
  const { answer, pieces } = await read(chunks, opensThinking);
  expect(pieces.join("")).toBe(text);
  expect(completionOfChat(answer, prompt)).toMatchObject({ text });
});

test("alternatives are taken apart as the answer is, and where one is cut, the text is empty", async () => {
  const piece = (index: number, content: string, finish_reason: string | null = null) => ({
    ...chunk({}),
    choices: [{ index, delta: { content }, finish_reason }],
  });
  const alike = [piece(0, "So </think>A", "stop"), piece(1, "Or </th"), piece(1, "ink>B", "stop"), piece(2, "Or", "length")];
  const { answer, pieces } = await read(alike, true);
  expect(pieces.join("")).toBe("A");
  expect(completionOfChat(answer, prompt)).toMatchObject({ text: "A", alternatives: ["B", ""] });
});

/** A field that says nothing, for which the schema reads the chunk. */
const forSchema = { x_groq: {} };

test.each(Object.entries(streams))("chunks are read by the schema and without it alike: %s", async (_, chunks) => {
  const quick = await read(chunks);
  expect(quick).toEqual(await read(chunks.map((one) => ({ ...one, ...forSchema }))));
  expect(quick.answer.finishReason).not.toBeNull();
});

test("a stream that ends without a reason is broken off", async () => {
  await expect(read([chunk({ delta: { content: "An" } })])).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
});

test("an error beside a reason is thrown", async () => {
  const failed = chunk({ delta: {}, finish_reason: "error", error: { code: 502, message: "the provider broke off" } });
  await expect(read([chunk({ delta: { content: "An" } }), failed])).rejects.toThrow();
});

test.each([
  ["length", /limit of output tokens within the arguments/],
  ["tool_calls", /arguments of a tool call are not JSON/],
])("arguments that are cut off say why: %s", async (finish_reason, message) => {
  const tool_calls = [{ index: 0, id: "t", function: { name: "f", arguments: '{"a":' } }];
  const { answer } = await read([chunk({ delta: { tool_calls } }), chunk({ delta: {}, finish_reason })]);
  expect(() => completionOfChat(answer, promptAsWritten({ messages: [], tools: [] }))).toThrow(message);
});

import { expect, test } from "vitest";
import { promptAsWritten } from "../../prompts/wire-prompt.ts";
import { noProgress } from "../../reported-usage.ts";
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

async function read(chunks: readonly object[]) {
  const pieces: string[] = [];
  const progress = noProgress();
  const reader = { model: "asked", progress, onDelta: (text: string) => pieces.push(text) };
  const answer = await readChatStream(streamOf(chunks), reader, promptAsWritten({ messages: [], tools: [] }));
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

import type { ServerCall } from "@nocp/models/server-api.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { messagesServerApi } from "@nocp/models/vendors/anthropic/messages-server.ts";
import { countTexts } from "@nocp/text/tokens/token-counter.ts";
import { expect, test } from "vitest";
import { createInputCounter } from "./count-input-tokens.ts";

const signal = new AbortController().signal;
const model = "anthropic/claude-haiku-4-5";
const callOf = (texts: readonly string[]): ServerCall =>
  messagesServerApi.readCall({
    model,
    max_tokens: 10,
    messages: texts.map((content) => ({ role: "user", content })),
    tools: [{ name: "look", description: "Looks.", input_schema: { type: "object", properties: { at: { type: "string" } } } }],
  });

test("the texts of a large call are counted elsewhere, and come to the same", async () => {
  const sentence = "The bridge of Lisbon was built in 1966. ";
  const asked: string[] = [];
  const hosted = {
    compress: () => Promise.reject(new Error("nothing is compressed")),
    countPrompt: () => Promise.reject(new Error("no prompt is counted")),
    async countTexts(texts: readonly string[], named: string) {
      asked.push(named);
      return countTexts(texts, createTokenCounter(named));
    },
  };
  const count = createInputCounter(async () => hosted);
  const one = await count(callOf([sentence]), signal);
  expect(asked).toEqual([]);
  const empty = await count(callOf([""]), signal);
  const many = await count(callOf([sentence.repeat(3_000), sentence]), signal);
  expect(asked).toEqual(["claude-haiku-4-5"]);
  const counter = createTokenCounter("claude-haiku-4-5");
  const framing = (await count(callOf(["", ""]), signal)) - empty;
  expect(one - empty).toBe(counter.count(sentence));
  expect(many).toBe(empty + framing + counter.count(sentence.repeat(3_000)) + counter.count(sentence));
});

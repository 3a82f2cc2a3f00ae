import { type PromptMessage, promptSchema } from "@nocp/contracts/prompt.ts";
import { describe, expect, it } from "vitest";
import { countChat, countPrompt, countTools } from "./count-chat.ts";
import { createTokenCounter } from "./create-token-counter.ts";

const counter = createTokenCounter("gpt-4o");

it("images, sound and files are counted, so that a cap sees them", () => {
  const plain = countChat(counter, [{ role: "user", text: "What is it?" }]);
  const withParts = (parts: NonNullable<PromptMessage["parts"]>) =>
    countChat(counter, [{ role: "user", text: "What is it?", parts }]) - plain;
  expect(withParts([{ type: "image", url: "https://example.com/a.png", detail: "low" }])).toBe(85);
  expect(withParts([{ type: "image", data: "aW1n", mediaType: "image/png" }])).toBe(1600);
  expect(withParts([{ type: "text", text: "hello world" }])).toBe(2);
  expect(withParts([{ type: "audio", data: "A".repeat(60_000), mediaType: "audio/wav" }])).toBe(100);
  expect(withParts([{ type: "file", data: "A".repeat(6000), mediaType: "application/pdf" }])).toBe(1000);
});

describe("the tokens of a prompt", () => {
  it("are those of its messages, three and a role for each, and three for the reply", () => {
    const messages = [
      { role: "system" as const, text: "You are terse." },
      { role: "user" as const, text: "Hello there" },
    ];
    const texts = counter.count("You are terse.") + counter.count("Hello there");
    expect(countChat(counter, messages)).toBe(3 + 2 * (3 + 1) + texts);
  });

  it("grow by a message's name and one", () => {
    const plain = countChat(counter, [{ role: "user", text: "hi" }]);
    expect(countChat(counter, [{ role: "user", text: "hi", name: "ada" }])).toBe(plain + counter.count("ada") + 1);
  });

  it("match the OpenAI cookbook's worked example of one function", () => {
    // get_current_weather with two parameters, one an enum: the cookbook prints 101 for it and its two messages in gpt-4o.
    const tools = [
      {
        name: "get_current_weather",
        description: "Get the current weather in a given location",
        parameters: {
          type: "object",
          properties: {
            location: { type: "string", description: "The city and state, e.g. San Francisco, CA" },
            unit: { type: "string", description: "The unit of temperature to return", enum: ["celsius", "fahrenheit"] },
          },
          required: ["location"],
        },
      },
    ];
    const messages = [
      {
        role: "system" as const,
        text: "You are a helpful assistant that can answer to questions about the weather.",
      },
      { role: "user" as const, text: "What's the weather like in San Francisco?" },
    ];
    expect(countChat(counter, messages) + countTools(counter, tools)).toBe(101);
  });

  it("count what is sent: context, question, calls and tools", () => {
    const prompt = promptSchema.parse({ system: "s", context: "c", query: "q", history: [] });
    const withCalls = promptSchema.parse({
      ...prompt,
      toolRounds: [
        { role: "assistant", text: "", toolRequests: [{ id: "1", name: "file.read", arguments: { path: "a.txt" } }] },
        { role: "tool", text: "content of the file", toolRequestId: "1" },
      ],
      tools: [
        {
          name: "file.read",
          description: "Reads a file.",
          parameters: { type: "object", properties: { path: { type: "string" } } },
        },
      ],
    });
    const bare = countPrompt(counter, prompt);
    const tools = countTools(counter, withCalls.tools);
    expect(bare).toBe(3 + 4 + 1 + 4 + counter.count("<context>\nc\n</context>\n\nq"));
    expect(countPrompt(counter, withCalls)).toBeGreaterThan(bare + tools + counter.count("content of the file"));
  });

  it("bear parameters that are no properties", () => {
    expect(countTools(counter, [])).toBe(0);
    expect(countTools(counter, [{ name: "x", description: "", parameters: {} }])).toBeGreaterThan(0);
    expect(
      countTools(counter, [{ name: "x", description: "", parameters: { properties: { a: true, b: null } } }]),
    ).toBeGreaterThan(0);
  });
});

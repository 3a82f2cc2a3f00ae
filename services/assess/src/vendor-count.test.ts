// Counting a prompt at its vendor's endpoint. The vendor is a local test server that answers in the documented form.

import type { Prompt } from "@nocp/contracts/prompt.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalServer, localServer } from "../../../test/fixtures/llm-router-fixtures.ts";
import { countPrompts } from "./count-prompts.ts";
import { createVendorCount } from "./vendor-count.ts";

const prompt: Prompt = {
  system: "Answer the question.",
  context: "",
  query: "How warm is it?",
  history: [{ role: "assistant", text: "" }],
  toolRounds: [
    { role: "assistant", text: "", toolRequests: [{ id: "call-1", name: "weather.current", arguments: { city: "Oslo" } }] },
    { role: "tool", toolRequestId: "call-1", text: "12 degrees" },
  ],
  tools: [{ name: "weather.current", description: "The weather.", parameters: { type: "object", properties: {} } }],
};

let server: LocalServer;
let headers: Record<string, unknown>;
let answer: { readonly status: number; readonly body: object };
beforeEach(async () => {
  answer = { status: 200, body: { input_tokens: 1230, totalTokens: 1080 } };
  server = await localServer((request, response) => {
    headers = request.headers;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
});
afterEach(() => server.close());

const counted = (model: string, keys = { anthropicApiKey: "key-a", geminiApiKey: "key-g" }) =>
  createVendorCount({ ...keys, anthropicBaseUrl: server.url, geminiBaseUrl: server.url, timeoutMs: 30_000 })(
    prompt,
    model,
    new AbortController().signal,
  );

test("Anthropic is asked for the very messages, with its own names for their parts", async () => {
  expect(await counted("anthropic/claude-haiku-4-5")).toBe(1230);
  expect(headers).toMatchObject({ "x-api-key": "key-a", "anthropic-version": "2023-06-01" });
  expect(server.requests[0]?.path).toBe("/v1/messages/count_tokens");
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    model: "claude-haiku-4-5",
    system: "Answer the question.",
    messages: [
      { role: "user", content: [{ type: "text", text: "How warm is it?" }] },
      { role: "assistant", content: [{ type: "tool_use", id: "call-1", name: "weather_current", input: { city: "Oslo" } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call-1", content: "12 degrees" }] },
    ],
    tools: [{ name: "weather_current", description: "The weather.", input_schema: { type: "object", properties: {} } }],
  });
});

test("Gemini is asked for the request that is sent", async () => {
  expect(await counted("gemini-2.5-flash")).toBe(1080);
  expect(headers).toMatchObject({ "x-goog-api-key": "key-g" });
  expect(server.requests[0]?.path).toBe("/v1beta/models/gemini-2.5-flash:countTokens");
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    generateContentRequest: {
      model: "models/gemini-2.5-flash",
      systemInstruction: { parts: [{ text: "Answer the question." }] },
      contents: [
        { role: "user", parts: [{ text: "How warm is it?" }] },
        {
          role: "model",
          parts: [
            {
              functionCall: { id: "call-1", name: "weather_current", args: { city: "Oslo" } },
              thoughtSignature: "skip_thought_signature_validator",
            },
          ],
        },
        {
          role: "user",
          parts: [{ functionResponse: { id: "call-1", name: "weather_current", response: { output: "12 degrees" } } }],
        },
      ],
      tools: [
        {
          functionDeclarations: [
            { name: "weather_current", description: "The weather.", parametersJsonSchema: { type: "object", properties: {} } },
          ],
        },
      ],
    },
  });
});

test.each([
  ["llama3", undefined],
  ["claude-haiku-4-5", { anthropicApiKey: "", geminiApiKey: "key-g" }],
  ["gemini-2.5-flash", { anthropicApiKey: "key-a", geminiApiKey: "" }],
])("nobody is asked about %s with keys %j", async (model, keys) => {
  expect(await counted(model, keys)).toBeUndefined();
  expect(server.requests).toEqual([]);
});

const large: Prompt = { ...prompt, history: [{ role: "user", text: "A long story about nothing. ".repeat(200) }] };
const count = (model: string, schema?: Record<string, unknown>) => {
  const settings = { anthropicApiKey: "key-a", geminiApiKey: "", timeoutMs: 30_000 };
  const counter = createTokenCounter(model);
  return countPrompts({
    prompt,
    optimizedTokens: countPrompt(counter, prompt),
    rawTokens: countPrompt(counter, large),
    schema,
    counter,
    model,
    vendorCount: createVendorCount({ ...settings, anthropicBaseUrl: server.url, geminiBaseUrl: server.url }),
    signal: new AbortController().signal,
  });
};

test("the vendor's count stands for what is sent, scales the raw prompt, and is what bills are compared with", async () => {
  const estimated = await count("unheard-of");
  answer = { status: 200, body: { input_tokens: 2 * estimated.inputTokens.optimized } };
  const { inputTokens, factor, warnings } = await count("claude-haiku-4-5");
  expect(inputTokens.optimized).toBe(2 * estimated.inputTokens.optimized);
  const scaled = inputTokens.raw / inputTokens.optimized / (estimated.inputTokens.raw / estimated.inputTokens.optimized);
  expect(Math.abs(scaled - 1)).toBeLessThan(0.05);
  expect(inputTokens.optimized / factor).toBeCloseTo(estimated.inputTokens.optimized, -1);
  expect(warnings).toEqual([]);
});

test("OpenAI's models are counted here, and nobody is asked", async () => {
  expect((await count("gpt-4o")).factor).toBe(1);
  expect(server.requests).toEqual([]);
});

test("without the vendor's answer the estimate holds, with a warning that hides the key", async () => {
  answer = { status: 401, body: {} };
  const { inputTokens, warnings } = await count("claude-haiku-4-5");
  expect(inputTokens.optimized).toBeGreaterThan(50);
  expect(warnings).toEqual([{ code: "COUNT_ESTIMATED", message: expect.stringContaining("HTTP 401") }]);
  expect(JSON.stringify(warnings)).not.toContain("key-a");
});

test.each(["gpt-4o", "claude-haiku-4-5"])(
  "a schema for the answer of %s is counted beside the prompt, by whomever that is counted",
  async (model) => {
    const schema = { type: "object", properties: { city: { type: "string", description: "Where it is. ".repeat(50) } } };
    answer = { status: 200, body: { input_tokens: 300 } };
    const [without, withSchema] = [await count(model), await count(model, schema)];
    const added = createTokenCounter(model).count(JSON.stringify(schema));
    expect(withSchema.inputTokens).toEqual({
      raw: without.inputTokens.raw + added,
      optimized: without.inputTokens.optimized + added,
    });
  },
);

// What goes over the wire to each vendor, and how its bill is read: streamed and whole must agree to the token.

import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { afterEach, describe, expect, it } from "vitest";
import {
  callOf,
  installedProviders,
  type LocalServer,
  localServer,
  promptOf,
  weatherTool,
} from "../fixtures/llm-router-fixtures.ts";

type Events = readonly object[];
interface Answers {
  readonly whole: object;
  readonly stream: Events;
}

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function complete(name: string, answers: Answers, call: Partial<ProviderCall> = {}): Promise<ProviderCompletion> {
  server = await localServer((request, response, body) => {
    const streamed = (JSON.parse(body) as { stream?: boolean }).stream === true || request.url?.includes("streamGenerateContent");
    response.writeHead(200, { "content-type": streamed ? "text/event-stream" : "application/json" });
    if (!streamed) return response.end(JSON.stringify(answers.whole));
    for (const event of answers.stream) {
      const type = (event as { type?: string }).type;
      response.write(`${type ? `event: ${type}\n` : ""}data: ${JSON.stringify(event)}\n\n`);
    }
    return response.end(name === "openai-compatible" ? "data: [DONE]\n\n" : "");
  });
  const providers = await installedProviders({
    ...Object.fromEntries(["openai", "anthropic", "gemini"].map((vendor) => [`providers.${vendor}.apiKey`, "key"])),
    [`providers.${name}.baseUrl`]: server.url,
  });
  const provider = await providers.find((installed) => installed.name === name)!.provider();
  const prompt = promptOf("What is the capital of France?");
  return provider.complete(callOf(prompt, { model: "m", ...call }), new AbortController().signal);
}

const sent = (): Record<string, unknown> => JSON.parse(server!.requests.at(-1)!.body) as Record<string, unknown>;

/** One bill in four vendors' words: 1000 input tokens, 300 of them cached, 50 output tokens, 20 of them reasoning. */
const responsesUsage = {
  input_tokens: 1000,
  output_tokens: 50,
  input_tokens_details: { cached_tokens: 300 },
  output_tokens_details: { reasoning_tokens: 20 },
};
const response = {
  id: "r",
  object: "response",
  status: "completed",
  model: "m-2026",
  output: [
    { type: "reasoning", id: "rs", summary: [] },
    { type: "message", role: "assistant", id: "i", content: [{ type: "output_text", text: "Paris", annotations: [] }] },
  ],
  usage: responsesUsage,
};
const chatUsage = {
  prompt_tokens: 1000,
  completion_tokens: 50,
  prompt_tokens_details: { cached_tokens: 300 },
  completion_tokens_details: { reasoning_tokens: 20 },
};
const anthropicStart = { input_tokens: 600, cache_read_input_tokens: 300, cache_creation_input_tokens: 100, output_tokens: 1 };
const geminiUsage = {
  promptTokenCount: 1000,
  cachedContentTokenCount: 300,
  candidatesTokenCount: 30,
  thoughtsTokenCount: 20,
  totalTokenCount: 1050,
};

const answers: Readonly<Record<string, Answers>> = {
  openai: {
    whole: response,
    stream: [
      { type: "response.output_text.delta", sequence_number: 1, delta: "Par" },
      { type: "response.output_text.delta", sequence_number: 2, delta: "is" },
      { type: "response.completed", sequence_number: 3, response },
    ],
  },
  "openai-compatible": {
    whole: {
      model: "m-2026",
      choices: [{ index: 0, message: { role: "assistant", content: "Paris" }, finish_reason: "stop" }],
      usage: chatUsage,
    },
    stream: [
      { model: "m-2026", choices: [{ index: 0, delta: { role: "assistant", content: "Par" }, finish_reason: null }] },
      { model: "m-2026", choices: [{ index: 0, delta: { content: "is" }, finish_reason: "stop" }] },
      { model: "m-2026", choices: [], usage: chatUsage },
    ],
  },
  anthropic: {
    whole: {
      id: "m",
      type: "message",
      role: "assistant",
      model: "m-2026",
      content: [
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "text", text: "Paris" },
      ],
      stop_reason: "end_turn",
      usage: { ...anthropicStart, output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } },
    },
    stream: [
      {
        type: "message_start",
        message: {
          id: "m",
          type: "message",
          role: "assistant",
          model: "m-2026",
          content: [],
          stop_reason: null,
          usage: anthropicStart,
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Par" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "is" } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } },
      },
      { type: "message_stop" },
    ],
  },
  gemini: {
    whole: {
      modelVersion: "m-2026",
      candidates: [
        { content: { role: "model", parts: [{ text: "hm", thought: true }, { text: "Paris" }] }, finishReason: "STOP" },
      ],
      usageMetadata: geminiUsage,
    },
    stream: [
      {
        modelVersion: "m-2026",
        candidates: [{ content: { role: "model", parts: [{ text: "hm", thought: true }, { text: "Par" }] } }],
      },
      {
        modelVersion: "m-2026",
        candidates: [{ content: { role: "model", parts: [{ text: "is" }] }, finishReason: "STOP" }],
        usageMetadata: geminiUsage,
      },
    ],
  },
};

describe.each(Object.keys(answers))("the bill of %s", (name) => {
  it.each([false, true])(
    "includes cached input and reasoning output, and thoughts are no answer (streamed: %s)",
    async (streamed) => {
      const pieces: string[] = [];
      const completion = await complete(name, answers[name]!, streamed ? { onDelta: (piece) => pieces.push(piece) } : {});
      expect(completion).toMatchObject({ text: "Paris", model: "m-2026", finishReason: "stop" });
      expect(completion.usage).toEqual({
        inputTokens: 1000,
        outputTokens: 50,
        cacheReadTokens: 300,
        cacheWriteTokens: name === "anthropic" ? 100 : 0,
        cacheWriteOneHourTokens: 0,
        reasoningTokens: 20,
      });
      expect(pieces).toEqual(streamed ? ["Par", "is"] : []);
    },
  );
});

it("a compatible server that sends no usage leaves it open, streamed or not", async () => {
  const { whole, stream } = answers["openai-compatible"]!;
  const silent = { whole: { ...whole, usage: undefined }, stream: stream.slice(0, 2) };
  expect((await complete("openai-compatible", silent)).usage).toBeNull();
  await server!.close();
  expect((await complete("openai-compatible", silent, { onDelta: () => undefined })).usage).toBeNull();
});

it("streams ask for their usage where it has to be asked for", async () => {
  await complete("openai-compatible", answers["openai-compatible"]!, { onDelta: () => undefined });
  expect(sent()).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

it("nothing is kept at OpenAI, and its strict mode is asked for only where the schema qualifies", async () => {
  const strict = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
  await complete("openai", answers.openai!, { outputSchema: strict });
  expect(sent()).toMatchObject({ store: false, text: { format: { type: "json_schema", strict: true, schema: strict } } });
  await server!.close();
  await complete("openai", answers.openai!, { outputSchema: { type: "object", properties: { a: { type: "string" } } } });
  expect(sent()).toMatchObject({ text: { format: { strict: false } } });
});

it("Gemini gets back the signature of its own calls, and the documented stand-in for calls of another provider", async () => {
  const signed = { id: "c1", name: "weather.current", arguments: {}, signature: "opaque" };
  const foreign = { id: "c2", name: "weather.current", arguments: {} };
  const prompt = promptOf("Weather?", {
    tools: [weatherTool],
    toolRounds: [
      { role: "assistant", text: "", toolRequests: [signed, foreign] },
      { role: "tool", text: "18", toolRequestId: "c1" },
      { role: "tool", text: "19", toolRequestId: "c2" },
    ],
  });
  await complete("gemini", answers.gemini!, { ...callOf(prompt), model: "m" });
  const [, calls, results] = sent().contents as { role: string; parts: Record<string, unknown>[] }[];
  expect(calls!.parts.map(({ thoughtSignature }) => thoughtSignature)).toEqual(["opaque", "skip_thought_signature_validator"]);
  expect(results!.parts).toMatchObject([
    { functionResponse: { id: "c1", name: "weather_current" } },
    { functionResponse: { id: "c2" } },
  ]);
});

it("a signature that Gemini sends with a call is handed over with it", async () => {
  const whole = {
    modelVersion: "m",
    candidates: [
      {
        content: {
          role: "model",
          parts: [{ functionCall: { name: "weather_current", args: { city: "Lyon" } }, thoughtSignature: "opaque" }],
        },
        finishReason: "STOP",
      },
    ],
  };
  const completion = await complete("gemini", { whole, stream: [] }, { tools: [weatherTool] });
  expect(completion.toolRequests).toEqual([
    { id: "call-1", name: "weather.current", arguments: { city: "Lyon" }, signature: "opaque" },
  ]);
});

it("Anthropic gets alternating turns that begin with the user, and results in one turn", async () => {
  const prompt = promptOf("And Nice?", {
    history: [
      { role: "assistant", text: "Hello" },
      { role: "user", text: "Hi" },
      { role: "user", text: "Again" },
    ],
    tools: [weatherTool],
    toolRounds: [
      { role: "assistant", text: "", toolRequests: ["c1", "c2"].map((id) => ({ id, name: "weather.current", arguments: {} })) },
      { role: "tool", text: "18", toolRequestId: "c1" },
      { role: "tool", text: "19", toolRequestId: "c2" },
    ],
  });
  await complete("anthropic", answers.anthropic!, { ...callOf(prompt), model: "m", toolChoice: "none" });
  const { messages, system, tool_choice } = sent() as {
    messages: { role: string; content: unknown[] }[];
    system: string;
    tool_choice: object;
  };
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant", "user"]);
  expect(messages.at(-1)!.content).toMatchObject([
    { type: "tool_result", tool_use_id: "c1" },
    { type: "tool_result", tool_use_id: "c2" },
  ]);
  expect({ system, tool_choice }).toEqual({ system: "Answer the question.", tool_choice: { type: "none" } });
});

it.each([
  ["openai", { ...response, status: "incomplete", incomplete_details: { reason: "content_filter" } }],
  ["openai-compatible", { model: "m", choices: [{ message: { content: "" }, finish_reason: "content_filter" }] }],
  ["anthropic", { model: "m", content: [], stop_reason: "refusal", usage: {} }],
  ["gemini", { promptFeedback: { blockReason: "SAFETY" } }],
])("a filtered answer of %s is an error, not an empty answer", async (name, whole) => {
  await expect(complete(name, { whole, stream: [] })).rejects.toMatchObject({ code: "CONTENT_FILTERED" });
});

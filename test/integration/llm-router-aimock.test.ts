// The vendors' protocols against a model server that nobody here wrote.
import { LLMock } from "@copilotkit/aimock";
import type { InstalledProvider } from "@nocp/llm-router/installed-provider.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callOf, installedProviders, promptOf, weatherTool } from "../fixtures/llm-router-fixtures.ts";

/** The same bill in each vendor's own words: 1000 input tokens and 50 output tokens. */
const vendors = [
  {
    name: "openai",
    model: "gpt-5.4-mini",
    usage: { input_tokens: 1000, output_tokens: 50, input_tokens_details: { cached_tokens: 300 } },
  },
  {
    name: "openai-compatible",
    model: "llama3.3",
    usage: { prompt_tokens: 1000, completion_tokens: 50, prompt_tokens_details: { cached_tokens: 300 } },
  },
  {
    name: "anthropic",
    model: "claude-haiku-4-5",
    usage: { input_tokens: 1000, output_tokens: 50 },
  },
  {
    name: "gemini",
    model: "gemini-3.8-flash",
    usage: { promptTokenCount: 1000, cachedContentTokenCount: 300, candidatesTokenCount: 50 },
  },
] as const;

const mock = new LLMock({ port: 0, logLevel: "silent" });
let providers: InstalledProvider[];

beforeAll(async () => {
  await mock.start();
  providers = await installedProviders({
    "providers.openai.apiKey": "test-key",
    "providers.openai.baseUrl": `${mock.url}/v1`,
    "providers.openai-compatible.baseUrl": `${mock.url}/v1`,
    "providers.anthropic.apiKey": "test-key",
    "providers.anthropic.baseUrl": mock.url,
    "providers.gemini.apiKey": "test-key",
    "providers.gemini.baseUrl": mock.url,
  });
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
});

async function complete(name: string, call: ProviderCall, signal = new AbortController().signal): Promise<ProviderCompletion> {
  const provider = await providers.find((installed) => installed.name === name)!.provider();
  return provider.complete(call, signal);
}

describe.each(vendors)("$name", ({ name, model, usage }) => {
  it("answers a question with the text, the finish reason, the model and the usage of the server", async () => {
    mock.onMessage("capital", { content: "Paris is the capital.", usage } as never);
    const completion = await complete(name, callOf(promptOf("What is the capital of France?"), { model }));
    expect(completion).toMatchObject({ text: "Paris is the capital.", finishReason: "stop", toolRequests: [], model });
    expect(completion.usage).toMatchObject({ inputTokens: 1000, outputTokens: 50 });
  });

  it("streams the same text in pieces, with usage", async () => {
    const text = "Paris is the capital of France, and it lies on the Seine.";
    mock.onMessage("capital", { content: text });
    const pieces: string[] = [];
    const completion = await complete(
      name,
      callOf(promptOf("What is the capital of France?"), { model, onDelta: (piece) => pieces.push(piece) }),
    );
    expect(completion).toMatchObject({ text, finishReason: "stop" });
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(text);
    expect(completion.usage?.inputTokens).not.toBeNull();
  });

  it.each([false, true])("hands over a tool call under the tool's own name (streamed: %s)", async (streamed) => {
    mock.onMessage("weather", { toolCalls: [{ name: "weather_current", arguments: '{"city":"Lyon"}' }] });
    const prompt = promptOf("What is the weather in Lyon?", { tools: [weatherTool] });
    const completion = await complete(name, callOf(prompt, { model, ...(streamed ? { onDelta: () => undefined } : {}) }));
    expect(completion.finishReason).toBe("tool-calls");
    expect(completion.toolRequests).toMatchObject([{ name: "weather.current", arguments: { city: "Lyon" } }]);
    expect(completion.toolRequests[0]!.id).not.toBe("");
  });

  it("sends a finished tool round back so that the server finds the result", async () => {
    mock.on({ hasToolResult: true, toolResultContains: "18 degrees" }, { content: "It is 18 degrees in Lyon." });
    const request = { id: "call-9", name: "weather.current", arguments: { city: "Lyon" } };
    const prompt = promptOf("What is the weather in Lyon?", {
      tools: [weatherTool],
      toolRounds: [
        { role: "assistant", text: "", toolRequests: [request] },
        { role: "tool", text: "18 degrees", toolRequestId: "call-9" },
      ],
    });
    const completion = await complete(name, callOf(prompt, { model, toolChoice: "none" }));
    expect(completion).toMatchObject({ text: "It is 18 degrees in Lyon.", finishReason: "stop" });
  });

  it("asks for structured output in the vendor's own way", async () => {
    const schema = {
      type: "object",
      properties: { capital: { type: "string" } },
      required: ["capital"],
      additionalProperties: false,
    };
    mock.onMessage("capital", { content: '{"capital":"Paris"}' });
    const completion = await complete(name, callOf(promptOf("What is the capital of France?"), { model, outputSchema: schema }));
    expect(JSON.parse(completion.text)).toEqual({ capital: "Paris" });
    expect(JSON.stringify(mock.getLastRequest())).toContain("capital");
  });

  it("says that an answer was cut at the limit", async () => {
    mock.onMessage("capital", { content: "Paris is the", finishReason: "length" });
    const completion = await complete(name, callOf(promptOf("What is the capital of France?"), { model }));
    expect(completion.finishReason).toBe("length");
  });

  it.each([
    [429, "PROVIDER_RATE_LIMITED"],
    [401, "PROVIDER_AUTH"],
    [500, "PROVIDER_UNAVAILABLE"],
    [503, "PROVIDER_UNAVAILABLE"],
    [400, "PROVIDER_BAD_REQUEST"],
  ] as const)("turns status %i into %s, in one try", async (status, code) => {
    mock.nextRequestError(status, { message: "told to fail" });
    const failure = await complete(name, callOf(promptOf("What is the capital of France?"), { model })).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Error);
    expect(classifyProviderError(failure, { provider: name, model }, Date.now()).code).toBe(code);
    expect(mock.getRequests()).toHaveLength(1);
  });

  it("reads how long to wait from a rate limit", async () => {
    mock.on({ userMessage: /capital/ }, { error: { message: "slow down" }, status: 429, retryAfter: 7 });
    const failure = await complete(name, callOf(promptOf("What is the capital of France?"), { model })).catch(
      (error: unknown) => error,
    );
    expect(classifyProviderError(failure, { provider: name, model }, Date.now()).retryAfterMs).toBe(7000);
  });

  it.each(["dropRate", "malformedRate", "disconnectRate"] as const)("fails on %s instead of answering", async (chaos) => {
    mock.onMessage("capital", { content: "Paris" });
    mock.setChaos({ [chaos]: 1 });
    const failure = await complete(name, callOf(promptOf("What is the capital of France?"), { model })).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Error);
    expect(classifyProviderError(failure, { provider: name, model }, Date.now()).disposition).toBe("retry");
    mock.clearChaos();
  });
});

// What vendors are told of their prompt caches, as it goes over the wire.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { PromptCaching } from "@nocp/models/prompts/cache-marks.ts";
import { describe, expect, it } from "vitest";
import { callOf, promptOf, weatherTool } from "../fixtures/llm-router-fixtures.ts";
import { type DialectSetup, dialects, requestBodyOf } from "../fixtures/recorded-requests.ts";

const caching: PromptCaching = { mode: "auto", isReused: true, ttl: "5m", key: "conversation-1" };
const history: PromptMessage[] = [
  { role: "user", text: "Where is it?" },
  { role: "assistant", text: "In Blackpool." },
];
const prompt = promptOf("Who built it?", { history, context: "late", tools: [] });

const dialect = (title: string): DialectSetup => dialects.find((one) => one.title === title)!;
const sent = async (title: string, more: Partial<PromptCaching> = {}, of = prompt): Promise<Record<string, unknown>> =>
  (await requestBodyOf(dialect(title), callOf(of, { promptCaching: { ...caching, ...more } }))) as Record<string, unknown>;

const ephemeral = { type: "ephemeral" };
const breakpoint = { prompt_cache_breakpoint: { mode: "explicit" } };

describe("Anthropic", () => {
  it("gets cache_control on system and conversation", async () => {
    const { system, messages } = await sent("Anthropic");
    expect(system).toEqual([{ type: "text", text: "Answer the question.", cache_control: ephemeral }]);
    expect(messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Where is it?" }] },
      { role: "assistant", content: [{ type: "text", text: "In Blackpool.", cache_control: ephemeral }] },
      { role: "user", content: [{ type: "text", text: expect.stringContaining("Who built it?") }] },
    ]);
  });

  it("gets the hour, and the caller's marks on tools, parts and results", async () => {
    const marked = { cache: { ttl: "1h" as const } };
    const request = { id: "c1", name: "weather.current", arguments: {} };
    const body = await sent(
      "Anthropic",
      { mode: "marks" },
      promptOf("Look", {
        tools: [{ ...weatherTool, ...marked }],
        queryParts: [{ type: "image", mediaType: "image/png", data: "aW1h", ...marked }],
        toolRounds: [
          { role: "assistant", text: "", toolRequests: [request] },
          { role: "tool", text: "sunny", toolRequestId: "c1", ...marked },
        ],
      }),
    );
    expect(JSON.stringify(body).match(/"cache_control":\{"type":"ephemeral","ttl":"1h"\}/g)).toHaveLength(3);
    expect(body.tools).toEqual([expect.objectContaining({ cache_control: { ...ephemeral, ttl: "1h" } })]);
  });

  it("never gets more than four marks", async () => {
    const many = Array.from(
      { length: 9 },
      (_, at): PromptMessage => ({ role: at % 2 ? "assistant" : "user", text: `m${at}`, cache: { ttl: "5m" } }),
    );
    const body = await sent("Anthropic", {}, { ...prompt, history: many, tools: [{ ...weatherTool, cache: { ttl: "5m" } }] });
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4);
  });
});

describe("OpenAI", () => {
  it.each(["responses", "chat"])("%s gets the key, and before gpt-5.6 nothing else", async (api) => {
    const body = await sent(`OpenAI ${api} gpt-4o`);
    expect(body.prompt_cache_key).toBe("conversation-1");
    expect(JSON.stringify(body)).not.toMatch(/breakpoint|prompt_cache_options|retention/);
    expect((await sent(`OpenAI ${api} gpt-5.4`, { ttl: "1h" })).prompt_cache_retention).toBe("24h");
  });

  it("gets breakpoints and no mark of its own from gpt-5.6 on", async () => {
    const body = await sent("OpenAI chat gpt-5.6");
    expect(body.prompt_cache_options).toEqual({ mode: "explicit" });
    expect(body.messages).toEqual([
      { role: "system", content: [expect.objectContaining(breakpoint)] },
      { role: "user", content: [expect.objectContaining(breakpoint)] },
      { role: "assistant", content: [expect.objectContaining(breakpoint)] },
      { role: "user", content: expect.stringContaining("Who built it?") },
    ]);
    const responses = await sent("OpenAI responses gpt-5.6");
    expect(JSON.stringify(responses.input).match(/prompt_cache_breakpoint/g)).toHaveLength(2);
  });
});

it("OpenRouter gets cache_control for Anthropic's models", async () => {
  const { messages } = await sent("OpenRouter");
  expect(JSON.stringify(messages).match(/"cache_control":\{"type":"ephemeral"\}/g)).toHaveLength(2);
});

it.each(["Gemini", "DeepSeek", "any compatible server"])("%s gets nothing that it does not know", async (title) => {
  expect(JSON.stringify(await sent(title))).not.toMatch(/cache/i);
});

describe.each(dialects.map((one) => [one.title, one] as const))("%s", (title) => {
  it("is told nothing when prompt caching is off", async () => {
    const marked = history.map((message) => ({ ...message, cache: { ttl: "5m" as const } }));
    expect(JSON.stringify(await sent(title, { mode: "off" }, { ...prompt, history: marked }))).not.toMatch(/cache/i);
  });
});

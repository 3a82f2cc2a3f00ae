// Every part of a request at every API: what the capability table says happens is what happens on the wire.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { installProviders } from "@nocp/llm-router/installed-provider.ts";
import { type CapabilityTable, capabilitiesOf, type RequestPart, requestParts } from "@nocp/models/capabilities.ts";
import type { ProviderCall } from "@nocp/models/provider.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { anthropicCapabilities } from "@nocp/models/vendors/anthropic/capabilities.ts";
import { geminiCapabilities } from "@nocp/models/vendors/gemini/capabilities.ts";
import { openAiChatCapabilities, openAiResponsesCapabilities } from "@nocp/models/vendors/openai/capabilities.ts";
import { compatibleCapabilities } from "@nocp/models/vendors/openai-compatible/capabilities.ts";
import { type KnownServer, knownServers } from "@nocp/models/vendors/openai-compatible/known-servers.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callOf, type LocalServer, localServer, promptOf, weatherTool } from "../fixtures/llm-router-fixtures.ts";

/** Models of these servers that a rule of their table is about. */
const differing: Readonly<Record<string, readonly string[]>> = {
  deepseek: ["deepseek-reasoner"],
  groq: ["llama-3.3-70b-versatile", "openai/gpt-oss-120b"],
  xai: ["grok-3", "grok-3-mini"],
  azure: ["gpt-5-mini"],
};

interface Api {
  readonly title: string;
  readonly provider: string;
  readonly table: CapabilityTable;
  /** Whose reasoning it takes back. */
  readonly vendor: string;
  /** One of most models, and one of those that differ. */
  readonly models: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const openAi = (dialect: string) => ({ "providers.openai.apiKey": "k", "providers.openai.dialect": dialect });
const named = (name: string) => ({
  "providers.openai-compatible.servers": JSON.stringify({ [`test-${name}`]: { vendor: name, baseUrl: "http://HOST" } }),
});

const apis: readonly Api[] = [
  {
    title: "OpenAI Responses",
    provider: "openai",
    table: openAiResponsesCapabilities,
    vendor: "openai",
    models: ["gpt-4o", "gpt-5.4-mini", "o3-mini"],
    settings: openAi("responses"),
  },
  {
    title: "OpenAI Chat",
    provider: "openai",
    table: openAiChatCapabilities,
    vendor: "openai-chat",
    models: ["gpt-4o", "gpt-5.4-mini", "gpt-4o-audio-preview"],
    settings: openAi("chat"),
  },
  {
    title: "Anthropic",
    provider: "anthropic",
    table: anthropicCapabilities,
    vendor: "anthropic",
    models: ["claude-haiku-4-5", "claude-opus-4-5", "claude-3-haiku-20240307"],
    settings: { "providers.anthropic.apiKey": "k" },
  },
  {
    title: "Gemini",
    provider: "gemini",
    table: geminiCapabilities,
    vendor: "gemini",
    models: ["gemini-3.8-flash", "gemini-2.5-flash", "gemini-2.0-flash", "gemma-3-27b-it"],
    settings: { "providers.gemini.apiKey": "k" },
  },
  {
    title: "openai-compatible",
    provider: "openai-compatible",
    table: compatibleCapabilities,
    vendor: "openai-chat",
    models: ["any"],
    settings: {},
  },
  ...Object.entries<KnownServer>(knownServers).map(([name, { title, capabilities }]) => ({
    title,
    provider: `test-${name}`,
    table: capabilities,
    vendor: "openai-chat",
    models: ["any", ...(differing[name] ?? [])],
    settings: named(name),
  })),
];

const file = (type: "image" | "audio" | "file", mediaType: string, data: string) => ({
  messages: [asked([{ type, mediaType, data }])],
});
const asked = (parts: NonNullable<PromptMessage["parts"]>): PromptMessage => ({ role: "user", text: "What is it?", parts });

/** A call with one part of a request, and what of it must be found on the wire. */
const examples: Readonly<
  Record<RequestPart, (vendor: string) => { readonly call: Partial<ProviderCall>; readonly found: RegExp }>
> = {
  temperature: () => ({ call: { temperature: 0.123 }, found: /"temperature":0\.123/ }),
  topP: () => ({ call: { topP: 0.456 }, found: /"top_?[pP]":0\.456/ }),
  stop: () => ({ call: { stop: ["END-MARK"] }, found: /"(stop|stop_sequences|stopSequences)":\["END-MARK"\]/ }),
  seed: () => ({ call: { seed: 4711 }, found: /"(random_)?seed":4711/ }),
  n: () => ({ call: { n: 3 }, found: /"(n|candidateCount)":3/ }),
  reasoningEffort: () => ({
    call: { reasoningEffort: "high" },
    found: /"(effort|reasoning_effort)":"high"|"thinkingLevel":"HIGH"|"thinkingBudget":24576/,
  }),
  outputSchema: () => ({
    call: {
      outputSchema: {
        type: "object",
        properties: { marker: { type: "string", minLength: 3 } },
        required: ["marker"],
        additionalProperties: false,
      },
    },
    found: /"(json_schema|responseJsonSchema)"[\s\S]*marker/,
  }),
  tools: () => ({ call: { tools: [weatherTool] }, found: /weather_current/ }),
  toolChoice: () => ({
    call: { tools: [weatherTool], toolChoice: { name: "weather.current" } },
    found: /"(tool_choice|functionCallingConfig)":\{[^}]*("weather_current"|"function":\{"name":"weather_current")/,
  }),
  parallelToolCalls: () => ({
    call: { tools: [weatherTool], parallelToolCalls: false },
    found: /"parallel_tool_calls":false|"disable_parallel_tool_use":true/,
  }),
  images: () => ({ call: file("image", "image/png", "aW1hZ2U="), found: /aW1hZ2U=/ }),
  audio: () => ({ call: file("audio", "audio/wav", "YXVkaW8="), found: /YXVkaW8=/ }),
  files: () => ({ call: file("file", "application/pdf", "cGRm"), found: /cGRm/ }),
  reasoningItems: (vendor) => ({
    call: {
      messages: [
        { role: "user", text: "Hello" },
        {
          role: "assistant",
          text: "Hi",
          reasoning: [
            {
              vendor,
              data: {
                type: vendor === "anthropic" ? "thinking" : "reasoning",
                id: "rs-mark",
                summary: [],
                thinking: "rs-mark",
                signature: "s",
              },
            },
          ],
        },
        { role: "user", text: "Again" },
      ],
    },
    found: /rs-mark/,
  }),
};

let server: LocalServer;
beforeAll(async () => {
  server = await localServer((_request, response) => response.writeHead(500, { "content-type": "application/json" }).end("{}"));
});
afterAll(() => server.close());

/** The body that is sent, and the error; the server answers nobody. */
async function send(
  api: Api,
  call: Partial<ProviderCall>,
): Promise<{ readonly body: string | undefined; readonly code: unknown }> {
  const settings = Object.entries(api.settings).map(([key, value]) => [key, value.replace("http://HOST", server.url)]);
  const address = api.provider.startsWith("test-") ? {} : { [`providers.${api.provider}.baseUrl`]: server.url };
  const sections = vendors.map(({ section }) => section);
  const config = loadConfig(sections, { flags: { ...Object.fromEntries(settings), ...address } });
  const provider = await installProviders(vendors, config, () => ({ fetch }))
    .find(({ name }) => name === api.provider)!
    .provider();
  const before = server.requests.length;
  const error: unknown = await provider
    .complete(callOf(promptOf("Hello"), call), new AbortController().signal)
    .catch((thrown: unknown) => thrown);
  return { body: server.requests[before]?.body, code: (error as { code?: unknown }).code };
}

describe.each(apis.flatMap((api) => api.models.map((model) => [api.title, model, api] as const)))(
  "%s, %s",
  (_title, model, api) => {
    const { parts } = capabilitiesOf(api.table, model);
    test.each(Object.keys(requestParts) as RequestPart[])("%s", async (part) => {
      const { call, found } = examples[part](api.vendor);
      // Without tools there is no choice of one.
      const ofTools = part === "toolChoice" || part === "parallelToolCalls";
      const support = ofTools && parts.tools !== "sent" ? parts.tools : parts[part];
      const { body, code } = await send(api, { ...call, model });
      if (support === "refused") {
        expect([body, code]).toEqual([undefined, "PROVIDER_UNSUPPORTED"]);
        return;
      }
      if (support === "sent") expect(body).toMatch(found);
      else expect(body).not.toMatch(found);
    });
  },
);

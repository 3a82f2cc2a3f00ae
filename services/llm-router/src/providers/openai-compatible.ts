// Any server that speaks OpenAI's Chat Completions: Ollama, vLLM, llama.cpp, a gateway.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineProvider, timeoutSetting } from "../provider.ts";

/** The SDK insists on a key; servers that need none ignore it. */
const NO_KEY = "none";

const priceSetting = (direction: "input" | "output") =>
  setting(
    z.number().min(0).nullable(),
    null,
    `Price of a million ${direction} tokens in US dollars; 0 for a server that costs nothing. Unknown without both prices, and no candidate then under limits.maxCostUsd.`,
  );

export default defineProvider({
  name: "openai-compatible",
  genAiName: "openai-compatible",
  howToConfigure: "set NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL and NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL",
  section: defineSection("providers.openai-compatible", {
    apiKey: setting(z.string(), "", "API key; empty for a server that needs none.", { secret: true }),
    baseUrl: setting(
      z.union([z.literal(""), z.url()]),
      "",
      "Where the API is, e.g. http://127.0.0.1:11434/v1 for Ollama; empty when not used.",
    ),
    model: setting(z.string(), "", "Model of requests that name none."),
    inputUsdPerMillion: priceSetting("input"),
    outputUsdPerMillion: priceSetting("output"),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: (settings) => settings.baseUrl !== "",
  pricing: ({ inputUsdPerMillion, outputUsdPerMillion }) =>
    inputUsdPerMillion === null || outputUsdPerMillion === null
      ? { kind: "unknown" }
      : { kind: "set", inputUsdPerMillion, outputUsdPerMillion },
  async create(settings, { fetch }) {
    const { createOpenAiClient } = await import("./protocols/openai-client.ts");
    const { completeByChat } = await import("./protocols/openai-chat.ts");
    const client = createOpenAiClient({ apiKey: settings.apiKey || NO_KEY, baseUrl: settings.baseUrl, fetch });
    return { complete: (call, signal) => completeByChat(client, call, signal) };
  },
});

// Any server that speaks OpenAI's Chat Completions: Ollama, vLLM, llama.cpp, a gateway.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineVendor, timeoutSetting } from "../../vendor.ts";
import { compatibleCapabilities } from "./capabilities.ts";
import { compatibleFailures } from "./failures.ts";

/** The SDK insists on a key; servers that need none ignore it. */
const NO_KEY = "none";

const priceSetting = (direction: "input" | "output") =>
  setting(
    z.number().min(0).nullable(),
    null,
    `Price of a million ${direction} tokens in US dollars; 0 for a free server. Without both prices the cost is unknown, and requests with limits.maxCostUsd do not use the provider.`,
  );

export default defineVendor({
  name: "openai-compatible",
  title: "OpenAI-compatible servers",
  genAiName: "openai-compatible",
  capabilities: compatibleCapabilities,
  encodings: [],
  failures: compatibleFailures,
  pricing: { kind: "unknown" },
  section: defineSection("providers.openai-compatible", {
    apiKey: setting(z.string(), "", "API key; empty for a server that needs none.", { secret: true }),
    baseUrl: setting(
      z.union([z.literal(""), z.url()]),
      "",
      "Base URL of the API, e.g. http://127.0.0.1:11434/v1 for Ollama; empty when not used.",
    ),
    model: setting(z.string(), "", "Model of requests that name none."),
    inputUsdPerMillion: priceSetting("input"),
    outputUsdPerMillion: priceSetting("output"),
    timeoutMs: timeoutSetting,
  }),
  providers: ({ apiKey, baseUrl, model, inputUsdPerMillion, outputUsdPerMillion, timeoutMs }) => [
    {
      name: "openai-compatible",
      configured: baseUrl !== "",
      howToConfigure: "set NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL and NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL",
      defaultModel: model,
      pricing:
        inputUsdPerMillion === null || outputUsdPerMillion === null
          ? { kind: "unknown" }
          : { kind: "set", inputUsdPerMillion, outputUsdPerMillion },
      timeoutMs,
      async create({ fetch }) {
        const { createOpenAiClient } = await import("../openai/client.ts");
        const { completeByChat } = await import("../openai/chat.ts");
        const client = createOpenAiClient({ apiKey: apiKey || NO_KEY, baseUrl, fetch });
        return { complete: (call, signal) => completeByChat(client, compatibleCapabilities, call, signal) };
      },
    },
  ],
});

// OpenAI, through its Responses API: its newer models refuse tools on Chat Completions.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineProvider, timeoutSetting } from "../provider.ts";

export default defineProvider({
  name: "openai",
  genAiName: "openai",
  modelPattern: /^(gpt-|chatgpt-|o\d)/,
  howToConfigure: "set OPENAI_API_KEY",
  section: defineSection("providers.openai", {
    apiKey: setting(z.string(), "", "API key; empty when OpenAI is not used.", { aliases: ["OPENAI_API_KEY"], secret: true }),
    baseUrl: setting(z.url(), "https://api.openai.com/v1", "Where the API is.", { aliases: ["OPENAI_BASE_URL"] }),
    model: setting(z.string().min(1), "gpt-5.4-mini", "Model of requests that name none."),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: (settings) => settings.apiKey !== "",
  pricing: () => ({ kind: "table", vendor: "openai" }),
  async create(settings, { fetch }) {
    const { createOpenAiClient } = await import("./protocols/openai-client.ts");
    const { completeByResponses } = await import("./protocols/openai-responses.ts");
    const client = createOpenAiClient({ apiKey: settings.apiKey, baseUrl: settings.baseUrl, fetch });
    return { complete: (call, signal) => completeByResponses(client, call, signal) };
  },
});

// Anthropic, through its Messages API. Its SDK knows no temperature any more, so a request's wish for one is not sent.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineProvider, timeoutSetting } from "../provider.ts";

export default defineProvider({
  name: "anthropic",
  genAiName: "anthropic",
  modelPattern: /^claude-/,
  howToConfigure: "set ANTHROPIC_API_KEY",
  section: defineSection("providers.anthropic", {
    apiKey: setting(z.string(), "", "API key; empty when Anthropic is not used.", {
      aliases: ["ANTHROPIC_API_KEY"],
      secret: true,
    }),
    baseUrl: setting(z.url(), "https://api.anthropic.com", "Where the API is.", { aliases: ["ANTHROPIC_BASE_URL"] }),
    model: setting(z.string().min(1), "claude-haiku-4-5", "Model of requests that name none."),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: (settings) => settings.apiKey !== "",
  pricing: () => ({ kind: "table", vendor: "anthropic" }),
  async create(settings, { fetch }) {
    const { createAnthropicClient, completeByMessages } = await import("./protocols/anthropic-messages.ts");
    const client = createAnthropicClient({ apiKey: settings.apiKey, baseUrl: settings.baseUrl, fetch });
    return { complete: (call, signal) => completeByMessages(client, call, signal) };
  },
});

// Anthropic, through its Messages API.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { accountSettings, providersOfAccounts } from "../../accounts.ts";
import { callLimitSettings } from "../../call-limits.ts";
import { defineVendor } from "../../vendor.ts";
import { anthropicCapabilities, anthropicEncodings } from "./capabilities.ts";
import { anthropicFailures } from "./failures.ts";

const pricing = { kind: "table", vendor: "anthropic" } as const;
const apiUrl = "https://api.anthropic.com";

export default defineVendor({
  name: "anthropic",
  title: "Anthropic",
  genAiName: "anthropic",
  modelPattern: /^claude-/,
  capabilities: anthropicCapabilities,
  encodings: anthropicEncodings,
  counting: {
    baseUrl: apiUrl,
    count: async (...asked) => (await import("./count-tokens.ts")).countTokens(...asked),
  },
  failures: anthropicFailures,
  pricing,
  section: defineSection("providers.anthropic", {
    apiKey: setting(z.string(), "", "API key; empty when Anthropic is not used.", {
      aliases: ["ANTHROPIC_API_KEY"],
      secret: true,
    }),
    baseUrl: setting(z.url(), apiUrl, "Where the API is.", { aliases: ["ANTHROPIC_BASE_URL"] }),
    model: setting(z.string().min(1), "claude-haiku-4-5", "Model of requests that name none."),
    ...accountSettings("anthropic"),
    ...callLimitSettings,
  }),
  providers: ({ model, connectMs, ttftMs, stallMs, ...accounts }) =>
    providersOfAccounts(accounts, ({ apiKey, baseUrl }) => ({
      name: "anthropic",
      configured: apiKey !== "",
      howToConfigure: "set ANTHROPIC_API_KEY",
      defaultModel: model,
      serverUrl: baseUrl,
      pricing,
      limits: { connectMs, ttftMs, stallMs },
      capabilities: anthropicCapabilities,
      async create({ fetch }) {
        const { checkAnthropic, createAnthropicClient, completeByMessages } = await import("./messages.ts");
        const client = createAnthropicClient({ apiKey, baseUrl, fetch });
        return {
          complete: (call, signal) => completeByMessages(client, call, signal),
          check: (signal) => checkAnthropic(client, signal),
        };
      },
    })),
});

// OpenAI, through its Responses API: its newer models refuse tools on Chat Completions.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { accountSettings, providersOfAccounts } from "../../accounts.ts";
import { callLimitSettings } from "../../call-limits.ts";
import { defineVendor } from "../../vendor.ts";
import { openAiChatCapabilities, openAiEncodings, openAiResponsesCapabilities } from "./capabilities.ts";
import { openAiFailures } from "./failures.ts";

const pricing = { kind: "table", vendor: "openai" } as const;

export default defineVendor({
  name: "openai",
  title: "OpenAI",
  genAiName: "openai",
  modelPattern: /^(gpt-|chatgpt-|o\d)/,
  capabilities: openAiResponsesCapabilities,
  otherApis: [{ title: "OpenAI, Chat Completions", capabilities: openAiChatCapabilities }],
  encodings: openAiEncodings,
  failures: openAiFailures,
  pricing,
  section: defineSection("providers.openai", {
    apiKey: setting(z.string(), "", "API key; empty when OpenAI is not used.", { aliases: ["OPENAI_API_KEY"], secret: true }),
    baseUrl: setting(z.url(), "https://api.openai.com/v1", "Where the API is.", { aliases: ["OPENAI_BASE_URL"] }),
    model: setting(z.string().min(1), "gpt-5.4-mini", "Model of requests that name none."),
    dialect: setting(
      z.enum(["responses", "chat"]),
      "responses",
      "The API that is spoken. Chat Completions takes stop, seed and n, but some newer models refuse tools there.",
    ),
    ...accountSettings("openai"),
    ...callLimitSettings,
  }),
  providers: ({ model, dialect, connectMs, ttftMs, stallMs, ...accounts }) =>
    providersOfAccounts(accounts, ({ apiKey, baseUrl }) => ({
      name: "openai",
      configured: apiKey !== "",
      howToConfigure: "set OPENAI_API_KEY",
      defaultModel: model,
      serverUrl: baseUrl,
      pricing,
      limits: { connectMs, ttftMs, stallMs },
      capabilities: dialect === "chat" ? openAiChatCapabilities : openAiResponsesCapabilities,
      async create({ fetch }) {
        const { createOpenAiClient } = await import("./client.ts");
        const client = createOpenAiClient({ apiKey, baseUrl, fetch });
        const check = (signal: AbortSignal) => client.check(signal);
        if (dialect === "chat") {
          const { completeByChat } = await import("./chat.ts");
          return { check, complete: (call, signal) => completeByChat(client, openAiChatCapabilities, call, signal) };
        }
        const { completeByResponses } = await import("./responses.ts");
        return {
          check,
          async complete(call, signal) {
            if (call.native?.api !== "openai-chat") {
              return completeByResponses(client, openAiResponsesCapabilities, call, signal);
            }
            // A request that was written for Chat Completions may hold what the other API has no field for.
            const { completeByChat } = await import("./chat.ts");
            return completeByChat(client, openAiChatCapabilities, call, signal);
          },
        };
      },
    })),
});

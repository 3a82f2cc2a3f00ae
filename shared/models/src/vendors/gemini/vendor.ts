// Gemini, through Google's Gen AI SDK. Its build for browsers is taken: the one for Node brings sign-in to Google Cloud,
// which an API key does not need, and three times the memory.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { accountSettings, providersOfAccounts } from "../../accounts.ts";
import { callLimitSettings } from "../../call-limits.ts";
import { defineVendor } from "../../vendor.ts";
import { geminiCapabilities, geminiEncodings } from "./capabilities.ts";
import { geminiFailures } from "./failures.ts";

const pricing = { kind: "table", vendor: "google" } as const;
const apiUrl = "https://generativelanguage.googleapis.com";

export default defineVendor({
  name: "gemini",
  title: "Gemini",
  genAiName: "gcp.gemini",
  modelPattern: /^(models\/)?(gemini|gemma)-/,
  capabilities: geminiCapabilities,
  encodings: geminiEncodings,
  counting: {
    baseUrl: apiUrl,
    count: async (...asked) => (await import("./count-tokens.ts")).countTokens(...asked),
  },
  failures: geminiFailures,
  pricing,
  section: defineSection("providers.gemini", {
    apiKey: setting(z.string(), "", "API key; empty when Gemini is not used.", {
      aliases: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
      secret: true,
    }),
    baseUrl: setting(z.url(), apiUrl, "Where the API is.", { aliases: ["GOOGLE_GEMINI_BASE_URL"] }),
    apiVersion: setting(
      z.string().min(1),
      "v1beta",
      "API version in the path: v1beta has every feature, and proxies support it; v1 is the default of the SDK.",
    ),
    model: setting(z.string().min(1), "gemini-3.8-flash", "Model of requests that name none."),
    ...accountSettings("gemini"),
    ...callLimitSettings,
  }),
  providers: ({ model, apiVersion, connectMs, ttftMs, stallMs, ...accounts }) =>
    providersOfAccounts(accounts, (endpoint) => ({
      name: "gemini",
      configured: endpoint.apiKey !== "",
      howToConfigure: "set GEMINI_API_KEY",
      defaultModel: model,
      serverUrl: endpoint.baseUrl,
      pricing,
      limits: { connectMs, ttftMs, stallMs },
      capabilities: geminiCapabilities,
      async create({ fetch }) {
        const { checkGemini, completeByGenerateContent, createGeminiClient } = await import("./generate-content.ts");
        const client = createGeminiClient({ ...endpoint, apiVersion });
        return {
          complete: (call, signal) => completeByGenerateContent(client, call, signal, fetch),
          check: (signal) => checkGemini(client, signal, fetch),
        };
      },
    })),
});

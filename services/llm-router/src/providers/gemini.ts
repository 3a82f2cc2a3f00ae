// Gemini, through Google's Gen AI SDK. Its build for browsers is taken: the one for Node brings sign-in to Google Cloud,
// which an API key does not need, and three times the memory.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineProvider, timeoutSetting } from "../provider.ts";

export default defineProvider({
  name: "gemini",
  genAiName: "gcp.gemini",
  modelPattern: /^(models\/)?(gemini|gemma)-/,
  howToConfigure: "set GEMINI_API_KEY",
  section: defineSection("providers.gemini", {
    apiKey: setting(z.string(), "", "API key; empty when Gemini is not used.", {
      aliases: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
      secret: true,
    }),
    baseUrl: setting(z.url(), "https://generativelanguage.googleapis.com", "Where the API is.", {
      aliases: ["GOOGLE_GEMINI_BASE_URL"],
    }),
    apiVersion: setting(
      z.string().min(1),
      "v1beta",
      "Version in the path: v1beta has every feature, and proxies know it; v1 is the SDK's own choice.",
    ),
    model: setting(z.string().min(1), "gemini-3.8-flash", "Model of requests that name none."),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: (settings) => settings.apiKey !== "",
  pricing: () => ({ kind: "table", vendor: "google" }),
  async create(settings, { fetch }) {
    const { completeByGenerateContent, createGeminiClient } = await import("./protocols/gemini-generate-content.ts");
    const client = createGeminiClient(settings);
    return { complete: (call, signal) => completeByGenerateContent(client, call, signal, fetch) };
  },
});

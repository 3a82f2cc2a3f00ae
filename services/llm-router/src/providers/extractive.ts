// The built-in provider: no model, no key, no network. Answers by quoting the context, and says that it does.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { contextOf, extractAnswer } from "../extractive/extract-answer.ts";
import { fillSchema } from "../extractive/fill-schema.ts";
import { defineProvider, type ProviderCall, type ProviderCompletion, timeoutSetting } from "../provider.ts";

/** Rises when the same context can give another answer. */
const MODEL = "extractive-1";

export default defineProvider({
  name: "extractive",
  genAiName: "nocp.extractive",
  modelPattern: /^extractive-/,
  howToConfigure: "nothing is needed",
  lastResort: true,
  section: defineSection("providers.extractive", {
    model: setting(z.literal(MODEL), MODEL, "The one version there is."),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: () => true,
  pricing: () => ({ kind: "free" }),
  create: () => ({ complete: async (call, signal) => complete(call, signal) }),
});

function complete({ prompt, outputSchema, onDelta }: ProviderCall, signal: AbortSignal): ProviderCompletion {
  signal.throwIfAborted();
  const answer = extractAnswer(prompt);
  const text = outputSchema === undefined ? answer.text : fillSchema(outputSchema, contextOf(prompt), prompt.query, answer.text);
  onDelta?.(text);
  return { text, finishReason: "stop", usage: null, model: MODEL, toolRequests: [], confidence: answer.confidence };
}

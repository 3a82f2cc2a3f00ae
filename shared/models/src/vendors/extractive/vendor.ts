// The built-in provider: no model, no key, no network. Answers by quoting the context, and says that it does.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { callLimitSettings } from "../../call-limits.ts";
import { type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import type { AnswerPrompt, Provider } from "../../provider.ts";
import { exactly } from "../../tokens/model-encoding.ts";
import { defineVendor } from "../../vendor.ts";

/** Rises when the same context can give another answer. */
const model = "extractive-1";

const capabilities: CapabilityTable = {
  defaults: withRule(usualCapabilities, { promptCaching: { kind: "none" } }),
  models: [],
};

export default defineVendor({
  name: "extractive",
  title: "the built-in extractive provider",
  genAiName: "nocp.extractive",
  modelPattern: /^extractive-/,
  lastResort: true,
  // Nothing of a request changes what it answers: nothing is refused, and nothing worth a warning is dropped.
  capabilities,
  encodings: [[/^extractive/, exactly("o200k_base")]],
  failures: { codes: {}, sentences: {} },
  pricing: { kind: "free" },
  section: defineSection("providers.extractive", {
    model: setting(z.literal(model), model, "The only version."),
    ...callLimitSettings,
  }),
  providers: ({ model, connectMs, ttftMs, stallMs }) => [
    {
      name: "extractive",
      configured: true,
      howToConfigure: "nothing is needed",
      defaultModel: model,
      pricing: { kind: "free" },
      limits: { connectMs, ttftMs, stallMs },
      capabilities,
      create: ({ answerPrompt = answerHere }) => createProvider(answerPrompt),
    },
  ],
});

const answerHere: AnswerPrompt = async (call) => (await import("./answer-prompt.ts")).answerPrompt(call);

const createProvider = (answer: AnswerPrompt): Provider => ({
  async complete({ prompt, outputSchema, onDelta }, signal) {
    signal.throwIfAborted();
    const { text, confidence } = await answer({ prompt, outputSchema }, signal);
    onDelta?.(text);
    return { text, finishReason: "stop", usage: null, model, toolRequests: [], confidence };
  },
});

// An upstream that costs no time: answers every request with one text from the settings. For load tests, where the
// pipeline is to be measured and not a model.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { defineProvider, timeoutSetting } from "../provider.ts";

const MODEL = "static-1";

export default defineProvider({
  name: "static",
  genAiName: "nocp.static",
  modelPattern: /^static-/,
  howToConfigure: "set NOCP_PROVIDERS_STATIC_TEXT",
  section: defineSection("providers.static", {
    model: setting(z.literal(MODEL), MODEL, "The one version there is."),
    text: setting(z.string(), "", "What it answers, to measure the pipeline without a model; empty: it is not used."),
    timeoutMs: timeoutSetting,
  }),
  isConfigured: ({ text }) => text !== "",
  pricing: () => ({ kind: "free" }),
  create: ({ text }) => ({
    complete: async ({ onDelta }, signal) => {
      signal.throwIfAborted();
      onDelta?.(text);
      return { text, finishReason: "stop", usage: null, model: MODEL, toolRequests: [] };
    },
  }),
});

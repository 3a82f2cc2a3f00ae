// An upstream that costs no time: answers every request with one text from the settings. For load tests, where the
// pipeline is to be measured and not a model.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { callLimitSettings } from "../../call-limits.ts";
import { type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import { defineVendor } from "../../vendor.ts";

const model = "static-1";

const capabilities: CapabilityTable = {
  defaults: withRule(usualCapabilities, { promptCaching: { kind: "none" } }),
  models: [],
};

export default defineVendor({
  name: "static",
  title: "a fixed text",
  genAiName: "nocp.static",
  modelPattern: /^static-/,
  // Nothing of a request changes what it answers: nothing is refused, and nothing worth a warning is dropped.
  capabilities,
  encodings: [],
  failures: { codes: {}, sentences: {} },
  pricing: { kind: "free" },
  section: defineSection("providers.static", {
    model: setting(z.literal(model), model, "The only version."),
    text: setting(z.string(), "", "The fixed answer, to measure the pipeline without a model; empty: the provider is off."),
    ...callLimitSettings,
  }),
  providers: ({ model, text, connectMs, ttftMs, stallMs }) => [
    {
      name: "static",
      configured: text !== "",
      howToConfigure: "set NOCP_PROVIDERS_STATIC_TEXT",
      defaultModel: model,
      pricing: { kind: "free" },
      limits: { connectMs, ttftMs, stallMs },
      capabilities,
      create: () => ({
        async complete({ onDelta }, signal) {
          signal.throwIfAborted();
          onDelta?.(text);
          return { text, finishReason: "stop", usage: null, model, toolRequests: [] };
        },
      }),
    },
  ],
});

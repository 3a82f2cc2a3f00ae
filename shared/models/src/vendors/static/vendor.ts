// An upstream that costs no time: answers every request with one text from the settings. For load tests, where the
// pipeline is to be measured and not a model.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { usualCapabilities } from "../../capabilities.ts";
import { defineVendor, timeoutSetting } from "../../vendor.ts";

const model = "static-1";

export default defineVendor({
  name: "static",
  title: "a fixed text",
  genAiName: "nocp.static",
  modelPattern: /^static-/,
  // Nothing of a request changes what it answers: nothing is refused, and nothing worth a warning is dropped.
  capabilities: { defaults: { ...usualCapabilities, promptCaching: "none" }, models: [] },
  encodings: [],
  failures: { codes: {}, sentences: {} },
  pricing: { kind: "free" },
  section: defineSection("providers.static", {
    model: setting(z.literal(model), model, "The only version."),
    text: setting(z.string(), "", "The fixed answer, to measure the pipeline without a model; empty: the provider is off."),
    timeoutMs: timeoutSetting,
  }),
  providers: ({ model, text, timeoutMs }) => [
    {
      name: "static",
      configured: text !== "",
      howToConfigure: "set NOCP_PROVIDERS_STATIC_TEXT",
      defaultModel: model,
      pricing: { kind: "free" },
      timeoutMs,
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

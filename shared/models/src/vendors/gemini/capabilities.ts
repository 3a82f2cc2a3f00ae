// What Gemini's models take, by its documentation (ai.google.dev/api/generate-content, /gemini-api/docs/thinking,
// /gemini-api/docs/structured-output, /gemini-api/docs/caching).
import { type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import { calibrated, type ModelEncoding } from "../../tokens/model-encoding.ts";

export const geminiCapabilities: CapabilityTable = {
  defaults: withRule(usualCapabilities, {
    parts: { audio: "sent", files: "sent", reasoningEffort: "sent", parallelToolCalls: "dropped" },
    dialect: { thinksUnseen: true },
    limits: { stopTexts: 5, contextTokens: 1_048_576, outputTokens: 65_536 },
    promptCaching: { leastTokens: 4096 },
  }),
  models: [
    {
      title: "2.5 and earlier",
      names: /gemini-(1|2)/,
      // "Function calling with a response mime type: 'application/json' is unsupported".
      dialect: { reasoningEffort: "budget", schemaBesideTools: false },
    },
    {
      title: "2.0 and earlier",
      names: /gemini-(1|2\.0)/,
      parts: { reasoningEffort: "dropped" },
      dialect: { thinksUnseen: false },
      promptCaching: { kind: "none", leastTokens: 0 },
      limits: { outputTokens: 8_192 },
    },
    { title: "2.5", names: /gemini-2\.5/, promptCaching: { leastTokens: 2048 } },
    {
      title: "Gemma",
      names: /gemma/,
      dialect: { thinksUnseen: false },
      parts: { reasoningEffort: "dropped", outputSchema: "dropped", tools: "refused", audio: "refused" },
      limits: { contextTokens: 0, outputTokens: 8_192 },
    },
  ],
};

/** Gemini's vocabulary runs 8 % over o200k_base (measured by ai-tokenizer). */
export const geminiEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [[/gemini|gemma/, calibrated(1.08)]];

// What Gemini's models take, by its documentation.
import type { CapabilityTable } from "../../capabilities.ts";
import { calibrated, type ModelEncoding } from "../../tokens/model-encoding.ts";

export const geminiCapabilities: CapabilityTable = {
  defaults: {
    parameters: { temperature: "sent", maxOutputTokens: "max_tokens" },
    limits: { toolNameLength: 64, smallestOutputTokens: 1 },
    promptCaching: "automatic",
  },
  models: [],
};

/** Gemini's vocabulary runs 8 % over o200k_base (measured by ai-tokenizer). */
export const geminiEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [[/gemini|gemma/, calibrated(1.08)]];

// What Anthropic's models take, by its documentation.
import type { CapabilityTable } from "../../capabilities.ts";
import { calibrated, type ModelEncoding } from "../../tokens/model-encoding.ts";

export const anthropicCapabilities: CapabilityTable = {
  defaults: {
    // The SDK knows no temperature any more.
    parameters: { temperature: "dropped", maxOutputTokens: "max_tokens" },
    limits: { toolNameLength: 128, smallestOutputTokens: 1 },
    promptCaching: "marked",
  },
  models: [],
};

/** Anthropic publishes no tokenizer: o200k_base counts 15 to 20 % too few on prose and more on code (its own guidance). */
export const anthropicEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [[/claude/, calibrated(1.2)]];

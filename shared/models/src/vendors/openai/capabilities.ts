// What OpenAI's models take, by its documentation.
import type { CapabilityTable } from "../../capabilities.ts";
import { exactly, type ModelEncoding } from "../../tokens/model-encoding.ts";

export const openAiCapabilities: CapabilityTable = {
  defaults: {
    parameters: { temperature: "sent", maxOutputTokens: "max_completion_tokens" },
    // The Responses API refuses a smaller limit of output.
    limits: { toolNameLength: 64, smallestOutputTokens: 16 },
    promptCaching: "automatic",
  },
  models: [],
};

export const openAiEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [
  [/^(gpt-3|gpt-4(?!o|\.|-?5)|text-embedding-|babbage-002|davinci-002)/, exactly("cl100k_base")],
  [/^(gpt-|chatgpt-|o\d)/, exactly("o200k_base")],
];

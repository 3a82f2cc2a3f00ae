// What a server that speaks Chat Completions may be expected to take, whoever made it.
import type { CapabilityTable } from "../../capabilities.ts";

export const compatibleCapabilities: CapabilityTable = {
  defaults: {
    // Compatible servers know the old name of the limit.
    parameters: { temperature: "sent", maxOutputTokens: "max_tokens" },
    limits: { toolNameLength: 64, smallestOutputTokens: 1 },
    promptCaching: "automatic",
  },
  models: [],
};

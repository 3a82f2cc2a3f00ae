// What a server that speaks Chat Completions may be expected to take, whoever made it.
import { type CapabilityTable, usualCapabilities } from "../../capabilities.ts";

export const compatibleCapabilities: CapabilityTable = {
  // Compatible servers know the old name of the limit.
  defaults: {
    ...usualCapabilities,
    parts: { ...usualCapabilities.parts, reasoningEffort: "sent", audio: "sent", files: "sent" },
  },
  models: [],
};

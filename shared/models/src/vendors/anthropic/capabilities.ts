// What Anthropic's models take, by its documentation (platform.claude.com/docs/en/api/messages, /build-with-claude/effort,
// /build-with-claude/structured-outputs, /build-with-claude/prompt-caching).
import { type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import { calibrated, type ModelEncoding } from "../../tokens/model-encoding.ts";

export const anthropicCapabilities: CapabilityTable = {
  defaults: withRule(usualCapabilities, {
    // Newer models refuse a temperature, and the SDK knows none any more. There is no seed and no second answer.
    parts: { temperature: "dropped", topP: "dropped", seed: "dropped", n: "dropped", files: "sent", reasoningItems: "sent" },
    limits: { toolNameLength: 128, stopTexts: 64 },
    promptCaching: { kind: "marked", leastTokens: 1024, marks: 4, markedTools: true, oneHour: true },
  }),
  models: [
    {
      title: "opus 4.5, sonnet 4.6 and later",
      names: /^claude-(opus-(4-[5-9]|[5-9])|sonnet-(4-[6-9]|[5-9])|haiku-[5-9]|(?!opus|sonnet|haiku|3|2|instant)[a-z]+-\d)/,
      parts: { reasoningEffort: "sent" },
    },
    {
      title: "claude 3 and sonnet 4",
      names: /^claude-(3|2|instant|(sonnet|opus)-4-(0|\d{8}))/,
      parts: { outputSchema: "dropped" },
    },
    { title: "opus 4.5 to 4.7, haiku 4.5", names: /^claude-(opus-4-[567]|haiku-4-5)/, promptCaching: { leastTokens: 4096 } },
    { title: "haiku 3 and 3.5", names: /^claude-3-(5-)?haiku/, promptCaching: { leastTokens: 2048 } },
    // docs/about-claude/models/overview
    {
      title: "haiku 4.5, sonnet 3.7 to 4.5, opus 4.5",
      names: /^claude-(haiku-4-5|3-7|sonnet-4(?!-[6-9])|opus-4-5)/,
      limits: { outputTokens: 64_000 },
    },
    { title: "opus 4 and 4.1", names: /^claude-opus-4-([01]|\d{8})/, limits: { outputTokens: 32_000 } },
    { title: "sonnet 3.5, haiku 3.5", names: /^claude-3-5-/, limits: { outputTokens: 8_192 } },
    { title: "claude 3", names: /^claude-3-(opus|sonnet|haiku)/, limits: { outputTokens: 4_096 } },
    { title: "opus 5", names: /^claude-(opus|fable|mythos)-5/, promptCaching: { leastTokens: 512 } },
  ],
};

/** Anthropic publishes no tokenizer: o200k_base counts 15 to 20 % too few on prose and more on code (its own guidance). */
export const anthropicEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [[/claude/, calibrated(1.2)]];

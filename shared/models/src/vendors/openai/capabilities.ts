// What OpenAI's models take, by its documentation (platform.openai.com/docs/guides/reasoning, /guides/latest-model,
// /guides/prompt-caching, /models).
import { type CapabilityRule, type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import { exactly, type ModelEncoding } from "../../tokens/model-encoding.ts";

const models: readonly CapabilityRule[] = [
  {
    title: "reasoning models (o…, gpt-5 and later)",
    names: /^(ft:)?(o\d|gpt-(?:[5-9]|\d\d)(?!-chat)(?!.*-chat-latest))/,
    parts: { temperature: "dropped", topP: "dropped", stop: "dropped", reasoningEffort: "sent", reasoningItems: "sent" },
    dialect: { thinksUnseen: true },
  },
  {
    title: "gpt-3.5, o1-mini, o3-mini",
    names: /^(gpt-3\.5|gpt-4$|gpt-4-\d|o1-mini|o3-mini)/,
    parts: { images: "refused", files: "refused" },
  },
  { title: "audio models", names: /audio/, parts: { audio: "sent" } },
  {
    title: "gpt-5.6 and later",
    names: /^(ft:)?gpt-(5\.([6-9]|\d\d)|[6-9]|\d\d)/,
    // Writing to the cache costs more there, and marks say what is worth it.
    // Four are written, and the latest 80 are looked for.
    promptCaching: { marks: 80, everyTurn: true, markField: "prompt_cache_breakpoint" },
  },
  // By the models' pages.
  { title: "gpt-5 and later", names: /^(ft:)?gpt-(?:[5-9]|\d\d)(?!.*-chat)/, limits: { outputTokens: 128_000 } },
  { title: "o1, o3, o4-mini", names: /^(ft:)?(o1(?!-mini|-preview)|o3|o4-mini)/, limits: { outputTokens: 100_000 } },
  { title: "gpt-4.1", names: /^(ft:)?gpt-4\.1/, limits: { outputTokens: 32_768 } },
  { title: "gpt-4o", names: /^(ft:)?gpt-4o/, limits: { outputTokens: 16_384 } },
  { title: "gpt-4-turbo, gpt-3.5-turbo", names: /^(gpt-4-turbo|gpt-3\.5-turbo)/, limits: { outputTokens: 4_096 } },
  { title: "o1-mini, o1-preview", names: /^o1-(mini|preview)/, features: { parallelTools: false } },
  { title: "gpt-4.1, gpt-5 to gpt-5.5", names: /^(ft:)?gpt-(4\.1|5(\.[1-5])?(?![.\d]))/, promptCaching: { retention: true } },
];

const common = withRule(usualCapabilities, {
  parts: { files: "sent" },
  dialect: { maxOutputTokens: "max_completion_tokens" },
  promptCaching: { leastTokens: 1024, key: true },
});

/** Chat Completions. */
export const openAiChatCapabilities: CapabilityTable = {
  defaults: common,
  models: [...models, { title: "all", names: /^/, parts: { reasoningItems: "dropped" } }],
};

/** The Responses API: it has no `stop`, `seed` and `n`, and refuses a limit of output under 16. */
export const openAiResponsesCapabilities: CapabilityTable = {
  defaults: withRule(common, { parts: { stop: "dropped", seed: "dropped", n: "dropped" }, limits: { smallestOutputTokens: 16 } }),
  models: [
    ...models,
    { title: "audio models", names: /audio/, parts: { audio: "refused" } },
    // What the model or a tool said has no parts there that could carry a mark.
    { title: "all", names: /^/, promptCaching: { markedRoles: ["system", "user"] } },
  ],
};

export const openAiEncodings: readonly (readonly [RegExp, ModelEncoding])[] = [
  [/^(gpt-3|gpt-4(?!o|\.|-?5)|text-embedding-|babbage-002|davinci-002)/, exactly("cl100k_base")],
  [/^(gpt-|chatgpt-|o\d)/, exactly("o200k_base")],
];

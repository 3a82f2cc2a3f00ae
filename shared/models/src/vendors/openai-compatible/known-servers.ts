// Vendors that speak Chat Completions, and in what they differ from each other. A server that is not here is `other`.
import { type CapabilityRule, type CapabilityTable, usualCapabilities, withRule } from "../../capabilities.ts";
import { compatibleCapabilities } from "./capabilities.ts";

export interface KnownServer {
  readonly title: string;
  /** Empty where everybody has one of their own. */
  readonly baseUrl: string;
  /** As the price table names it; undefined where nobody publishes a price. */
  readonly priceVendor?: string;
  readonly capabilities: CapabilityTable;
}

/** Text alone, as most models of these vendors. */
const textOnly = { images: "refused", audio: "refused", files: "refused" } as const;

const table = (rule: Omit<CapabilityRule, "names" | "title">, models: readonly CapabilityRule[] = []): CapabilityTable => ({
  defaults: withRule(usualCapabilities, rule),
  models,
});

export const knownServers = {
  deepseek: {
    title: "DeepSeek",
    baseUrl: "https://api.deepseek.com/v1",
    priceVendor: "deepseek",
    // It knows JSON, and no schema (api-docs.deepseek.com/api/create-chat-completion).
    capabilities: table(
      { parts: { ...textOnly, seed: "dropped", n: "dropped", outputSchema: "dropped" }, limits: { stopTexts: 16 } },
      [
        {
          title: "deepseek-reasoner",
          names: /reasoner/,
          parts: { temperature: "dropped", topP: "dropped", toolChoice: "dropped" },
        },
      ],
    ),
  },
  groq: {
    title: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    priceVendor: "groq",
    capabilities: table(
      {
        parts: { n: "dropped", files: "refused", images: "refused" },
        dialect: { maxOutputTokens: "max_completion_tokens", schemaBesideTools: false },
      },
      [
        { title: "Llama 4", names: /llama-4/, parts: { images: "sent" } },
        { title: "gpt-oss, qwen3", names: /gpt-oss|qwen3/, parts: { reasoningEffort: "sent" } },
        { title: "Llama 3", names: /llama-?3/, parts: { outputSchema: "dropped" } },
      ],
    ),
  },
  mistral: {
    title: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    priceVendor: "mistral",
    capabilities: table({
      parts: { audio: "sent", files: "refused" },
      dialect: { seed: "random_seed" },
      limits: { stopTexts: 16 },
    }),
  },
  xai: {
    title: "xAI",
    baseUrl: "https://api.x.ai/v1",
    priceVendor: "x-ai",
    // Its reasoning models refuse `stop` (docs.x.ai/docs/guides/reasoning).
    capabilities: table({ parts: { stop: "dropped" }, dialect: { maxOutputTokens: "max_completion_tokens" } }, [
      { title: "grok-3-mini, grok-4.3", names: /grok-(3-mini|4\.3)/, parts: { reasoningEffort: "sent" } },
      { title: "grok-2, grok-3 and non-reasoning models", names: /grok-[23](?!-mini)|non-reasoning/, parts: { stop: "sent" } },
    ]),
  },
  openrouter: {
    title: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    priceVendor: "openrouter",
    capabilities: table({ parts: { reasoningEffort: "sent", audio: "sent", files: "sent", n: "dropped" } }, [
      // openrouter.ai/docs/features/prompt-caching
      {
        title: "anthropic/…",
        names: /^~?anthropic\//,
        promptCaching: { kind: "marked", leastTokens: 1024, marks: 4, oneHour: true },
      },
    ]),
  },
  moonshot: {
    title: "Moonshot",
    baseUrl: "https://api.moonshot.ai/v1",
    priceVendor: "moonshotai",
    capabilities: table({ parts: { seed: "dropped", files: "refused" }, limits: { stopTexts: 5 } }),
  },
  azure: {
    title: "Azure OpenAI",
    baseUrl: "",
    priceVendor: "azure",
    capabilities: table(
      { dialect: { maxOutputTokens: "max_completion_tokens" }, promptCaching: { leastTokens: 1024, key: true } },
      [
        {
          title: "reasoning models",
          names: /^(o\d|gpt-5(?!-chat))/,
          parts: { temperature: "dropped", topP: "dropped", stop: "dropped", reasoningEffort: "sent" },
          dialect: { thinksUnseen: true },
        },
      ],
    ),
  },
  together: {
    title: "Together",
    baseUrl: "https://api.together.xyz/v1",
    priceVendor: "together",
    capabilities: compatibleCapabilities,
  },
  fireworks: {
    title: "Fireworks",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    priceVendor: "fireworks",
    capabilities: compatibleCapabilities,
  },
  cerebras: {
    title: "Cerebras",
    baseUrl: "https://api.cerebras.ai/v1",
    priceVendor: "cerebras",
    capabilities: table({
      parts: { ...textOnly, n: "dropped", reasoningEffort: "sent" },
      dialect: { maxOutputTokens: "max_completion_tokens" },
    }),
  },
  vllm: { title: "vLLM", baseUrl: "", capabilities: compatibleCapabilities },
  ollama: {
    title: "Ollama",
    baseUrl: "http://127.0.0.1:11434/v1",
    // github.com/ollama/ollama/blob/main/docs/openai.md
    capabilities: table({ parts: { n: "dropped", toolChoice: "dropped", reasoningEffort: "sent" } }),
  },
  other: { title: "any other server", baseUrl: "", capabilities: compatibleCapabilities },
} as const satisfies Readonly<Record<string, KnownServer>>;

export type KnownServerName = keyof typeof knownServers;
export const knownServerNames = Object.keys(knownServers) as [KnownServerName, ...KnownServerName[]];

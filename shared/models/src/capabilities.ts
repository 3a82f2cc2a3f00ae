// What a vendor's models take and what becomes of the rest: one table a vendor, read by everything that has to decide.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { remembered } from "@nocp/contracts/remembered.ts";

/**
 * `sent`: it reaches the model. `dropped`: the call is made without it, and the result carries a warning.
 * `refused`: the call is not made, because the answer would be to another question.
 */
export type Support = "sent" | "dropped" | "refused";

/** What a request may hold besides text: parameters, kinds of content, and what belongs to tools and reasoning. */
export const requestParts = {
  temperature: "routing.temperature",
  topP: "generation.topP",
  stop: "generation.stop",
  seed: "generation.seed",
  n: "generation.n",
  reasoningEffort: "generation.reasoningEffort",
  outputSchema: "output.schema",
  tools: "offerTools, callerTools",
  toolChoice: "toolChoice required, or one tool",
  parallelToolCalls: "generation.parallelToolCalls false",
  images: "image parts",
  audio: "audio parts",
  files: "file parts",
  reasoningItems: "messages.reasoning",
} as const;
export type RequestPart = keyof typeof requestParts;

/** How a vendor's API wants what other APIs want otherwise. */
export interface WireDialect {
  /** What Chat Completions calls the limit of output. */
  readonly maxOutputTokens: "max_tokens" | "max_completion_tokens";
  /** What Chat Completions calls the seed. */
  readonly seed: "seed" | "random_seed";
  /** Gemini's models of before 3 take a number of tokens, later ones a level. */
  readonly reasoningEffort: "level" | "budget";
  /** Whether an output schema may be sent while tools are offered. */
  readonly schemaBesideTools: boolean;
  /** Whether the model thinks before it writes without being asked to, and shows nothing of it meanwhile. */
  readonly thinksUnseen: boolean;
  /** Whether its chat template ends with `<think>`, and its server leaves what the model thinks in the text. */
  readonly opensThinking: boolean;
}

/** A vendor's cache of the beginnings of prompts. */
export interface PromptCachingSupport {
  /** `automatic`: without being asked. `marked`: only up to marks in the prompt. */
  readonly kind: "automatic" | "marked" | "none";
  /** Beginnings with fewer tokens are not cached; 0: not documented. */
  readonly leastTokens: number;
  /** Marks that one request may hold; 0 where there is nothing to mark. */
  readonly marks: number;
  /** Whether tools can carry one; otherwise the instructions behind them do. */
  readonly markedTools: boolean;
  /** Messages that can carry one; otherwise the nearest before does. */
  readonly markedRoles: readonly PromptMessage["role"][];
  /** Whether only what was marked at the same place is found again, so that earlier turns keep their marks. */
  readonly everyTurn: boolean;
  /** What Chat Completions calls a mark. */
  readonly markField: "cache_control" | "prompt_cache_breakpoint";
  /** Whether a mark may ask for an hour. */
  readonly oneHour: boolean;
  /** Whether `prompt_cache_key` is taken, which brings requests that begin alike to the same cache. */
  readonly key: boolean;
  /** Whether `prompt_cache_retention` may ask for a day, for prefixes that are to outlive the usual minutes. */
  readonly retention: boolean;
}

export interface Capabilities {
  readonly parts: Readonly<Record<RequestPart, Support>>;
  readonly dialect: WireDialect;
  readonly features: {
    /** Whether an answer can be read as it is written. */
    readonly streaming: boolean;
    /** Whether the model may call several tools at once. */
    readonly parallelTools: boolean;
  };
  readonly limits: {
    /** Tokens of prompt and answer together; 0: the price table's, or not documented. */
    readonly contextTokens: number;
    /** The most output tokens, including reasoning; 0: not documented. */
    readonly outputTokens: number;
    /** Characters of a tool's name. */
    readonly toolNameLength: number;
    /** The smallest limit of output tokens that is accepted. */
    readonly smallestOutputTokens: number;
    /** Texts in `stop`; further ones are dropped. */
    readonly stopTexts: number;
  };
  readonly promptCaching: PromptCachingSupport;
}

/** Everything a vendor's models have in common, and what some of them change. */
export interface CapabilityTable {
  readonly defaults: Capabilities;
  readonly models: readonly CapabilityRule[];
}

/** Of the models whose names match; later rules win. */
export interface CapabilityRule {
  readonly names: RegExp;
  /** Which models these are, for the documentation. */
  readonly title: string;
  readonly parts?: Partial<Capabilities["parts"]>;
  readonly dialect?: Partial<WireDialect>;
  readonly features?: Partial<Capabilities["features"]>;
  readonly limits?: Partial<Capabilities["limits"]>;
  readonly promptCaching?: Partial<PromptCachingSupport>;
}

const mostModels = 1_000;
const rememberedTables = new WeakMap<CapabilityTable, (model: string) => Capabilities>();

/** @param model as the vendor names it. */
export function capabilitiesOf(table: CapabilityTable, model: string): Capabilities {
  const known = rememberedTables.get(table) ?? remembered((name) => computedCapabilities(table, name), mostModels);
  rememberedTables.set(table, known);
  return known(model);
}

const computedCapabilities = ({ defaults, models }: CapabilityTable, model: string): Capabilities =>
  models.filter(({ names }) => names.test(model)).reduce<Capabilities>(withRule, defaults);

/** What is known after one more rule. */
export const withRule = (known: Capabilities, rule: Omit<CapabilityRule, "names" | "title">): Capabilities => ({
  parts: { ...known.parts, ...rule.parts },
  dialect: { ...known.dialect, ...rule.dialect },
  features: { ...known.features, ...rule.features },
  limits: { ...known.limits, ...rule.limits },
  promptCaching: { ...known.promptCaching, ...rule.promptCaching },
});

/** What most APIs take; a vendor's table says what differs. */
export const usualCapabilities: Capabilities = {
  parts: {
    temperature: "sent",
    topP: "sent",
    stop: "sent",
    seed: "sent",
    n: "sent",
    reasoningEffort: "dropped",
    outputSchema: "sent",
    tools: "sent",
    toolChoice: "sent",
    parallelToolCalls: "sent",
    images: "sent",
    audio: "refused",
    files: "refused",
    reasoningItems: "dropped",
  },
  dialect: {
    maxOutputTokens: "max_tokens",
    seed: "seed",
    reasoningEffort: "level",
    schemaBesideTools: true,
    thinksUnseen: false,
    opensThinking: false,
  },
  features: { streaming: true, parallelTools: true },
  limits: { contextTokens: 0, outputTokens: 0, toolNameLength: 64, smallestOutputTokens: 1, stopTexts: 4 },
  promptCaching: {
    kind: "automatic",
    leastTokens: 0,
    marks: 0,
    markedTools: false,
    markedRoles: ["system", "user", "assistant", "tool"],
    everyTurn: false,
    markField: "cache_control",
    oneHour: false,
    key: false,
    retention: false,
  },
};

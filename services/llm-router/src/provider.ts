// The contract of a provider: who answers, with which settings, and how its usage and errors are read.

import type { Usage } from "@nocp/contracts/accounting.ts";
import type { Completion } from "@nocp/contracts/messages.ts";
import type { OfferedTool, Prompt, PromptMessage, ToolRequest } from "@nocp/contracts/prompt.ts";
import { type Section, type SectionValues, type SettingShape, setting } from "@nocp/contracts/settings/setting.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import { z } from "zod";

export interface ProviderCall {
  readonly model: string;
  /** Exactly what the model is sent, in order: `promptMessages(prompt)`. */
  readonly messages: readonly PromptMessage[];
  /** The same in its parts, for a provider that is no model. */
  readonly prompt: Prompt;
  readonly tools: readonly OfferedTool[];
  /** `none` keeps the tools in view, so that earlier calls stay valid, and forbids new ones. */
  readonly toolChoice: "auto" | "none";
  readonly temperature?: number;
  readonly maxOutputTokens: number;
  /** JSON Schema that the answer must satisfy. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  /** Present when the answer is wanted as it comes. */
  readonly onDelta?: (text: string) => void;
}

export interface ProviderCompletion {
  readonly text: string;
  readonly finishReason: Completion["finishReason"];
  /** What the provider billed; `null` when its answer does not say. */
  readonly usage: Usage | null;
  /** As the answer names it, e.g. with the date of the version. */
  readonly model: string;
  readonly toolRequests: readonly ToolRequest[];
  /** Between 0 and 1, only where the provider itself says something about it. */
  readonly confidence?: number;
}

export interface Provider {
  /**
   * Gets one completion, without retrying.
   * @throws the vendor's error, or a NocpError; never answers with half a completion.
   */
  complete(call: ProviderCall, signal: AbortSignal): Promise<ProviderCompletion>;
}

export interface ProviderDependencies {
  readonly fetch: typeof fetch;
}

export interface ProviderDefinition<S extends Section = Section> {
  /** Kebab-case; equals the file's name. */
  readonly name: string;
  /** Named `providers.<name>`; holds `model` and `timeoutMs` at least. */
  readonly section: S;
  /** The value of `gen_ai.provider.name` in spans. */
  readonly genAiName: string;
  /** Models that are this provider's by their name, for requests that name no provider. */
  readonly modelPattern?: RegExp;
  /** What to do to have it configured, e.g. `set OPENAI_API_KEY`. */
  readonly howToConfigure: string;
  /** Answers only when it is asked for by name, or nothing else is configured. */
  readonly lastResort?: boolean;
  isConfigured(settings: SectionValues<S>): boolean;
  pricing(settings: SectionValues<S>): Pricing;
  /** Called once, at the first use: vendors' SDKs are imported here and not before, so that starting stays cheap. */
  create(settings: SectionValues<S>, dependencies: ProviderDependencies): Provider | Promise<Provider>;
}

/** What every provider's section holds. */
export interface CommonProviderSettings {
  readonly model: string;
  readonly timeoutMs: number;
}

/** Declares a provider; the default export of a file in `providers/`. */
export const defineProvider = <Shape extends SettingShape>(
  definition: ProviderDefinition<Section<Shape>>,
): ProviderDefinition<Section<Shape>> => definition;

const SECOND = 1000;
/** The setting `timeoutMs` of a provider's section. */
export const timeoutSetting = setting(
  z.int().min(100),
  120 * SECOND,
  "Longest wait for one complete answer, in milliseconds; less when the deadline or a fallback needs the time.",
);

const textFields = ["name", "genAiName", "howToConfigure"] as const;

export const isProviderDefinition = (value: unknown): value is ProviderDefinition => {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  const settings = (fields.section as Section | undefined)?.settings;
  return (
    textFields.every((field) => typeof fields[field] === "string") &&
    typeof fields.isConfigured === "function" &&
    typeof fields.create === "function" &&
    typeof fields.pricing === "function" &&
    settings !== undefined &&
    "model" in settings &&
    "timeoutMs" in settings
  );
};

// A call that fits a smaller window.
import { type Prompt, promptMessages } from "@nocp/contracts/prompt.ts";
import type { AnswerReader, ProviderCall } from "@nocp/models/provider.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { reducePrompt } from "./reduce-prompt.ts";

export type RoutedPrompt = Omit<ProviderCall, "model" | "maxOutputTokens" | keyof AnswerReader>;

export interface ReducedCall {
  readonly call: RoutedPrompt;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  readonly reductions: readonly string[];
}

export interface ReductionInput {
  readonly call: RoutedPrompt;
  /** As they were counted for the prompt of `call`. */
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** Tokens of prompt and answer together that the model takes; Infinity when nobody says, and it has refused what there is. */
  readonly windowTokens: number;
  readonly counter: TokenCounter;
}

/** Counts are estimates, and the window is the vendor's: so much of it is used. */
const usedPart = 0.9;
/** Of an unknown window that was too small for the prompt. */
const unknownPart = 0.5;
/** Of the window at most so much is left for the answer. */
const answerPart = 0.25;

/** What of a call is reduced. */
export interface PromptReduction extends Omit<ReductionInput, "call"> {
  readonly prompt: Prompt;
  /** Whether the answer is to be a call of a tool. */
  readonly mustCall: boolean;
}

export type FittingPrompt = Omit<ReducedCall, "call"> & { readonly prompt: Prompt };

export const reductionOf = ({ call, ...window }: ReductionInput): PromptReduction => ({
  ...window,
  prompt: call.prompt,
  mustCall: call.toolChoice !== "auto" && call.toolChoice !== "none",
});

export const withPrompt = (call: RoutedPrompt, { prompt, ...reduced }: FittingPrompt): ReducedCall => ({
  ...reduced,
  call: { ...call, prompt, messages: promptMessages(prompt), tools: prompt.tools },
});

/** Pure. @returns undefined when the call cannot be made to fit, or already does. */
export function reduceToFit({
  prompt: whole,
  mustCall,
  inputTokens,
  maxOutputTokens,
  windowTokens,
  counter,
}: PromptReduction): FittingPrompt | undefined {
  const scale = inputTokens / Math.max(1, countPrompt(counter, whole));
  const isKnown = Number.isFinite(windowTokens);
  const outputTokens = isKnown ? Math.min(maxOutputTokens, Math.max(1, Math.floor(windowTokens * answerPart))) : maxOutputTokens;
  const most = isKnown ? Math.floor(windowTokens * usedPart) - outputTokens : Math.floor(inputTokens * unknownPart);
  const reduced = reducePrompt(whole, most, mustCall, {
    ofPrompt: (prompt) => Math.ceil(countPrompt(counter, prompt) * scale),
    ofText: (text) => Math.ceil(counter.count(text) * scale),
  });
  if (!reduced) return undefined;
  const { prompt, reductions } = reduced;
  return {
    prompt,
    inputTokens: Math.ceil(countPrompt(counter, prompt) * scale),
    maxOutputTokens: outputTokens,
    reductions: outputTokens < maxOutputTokens ? [...reductions, `at most ${outputTokens} output tokens`] : reductions,
  };
}

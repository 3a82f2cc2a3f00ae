// A provider answers one call at a time; what it is asked and what it says back, in one form for all vendors.
import type { Warning } from "@nocp/contracts/accounting.ts";
import type { ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { Completion } from "@nocp/contracts/messages.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { OfferedTool, Prompt, PromptMessage, ReasoningItem, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ReasoningEffort, ToolChoice } from "@nocp/contracts/request.ts";
import type { CallLimits } from "./call-limits.ts";
import type { CapabilityTable } from "./capabilities.ts";
import type { Pricing } from "./prices/model-prices.ts";
import type { PromptCaching } from "./prompts/cache-marks.ts";
import type { CallProgress, ReportedUsage } from "./reported-usage.ts";

/** Takes an answer as it comes. */
export interface AnswerReader {
  /** Present when the answer is wanted as it comes. */
  readonly onDelta?: (text: string) => void;
  /** Whether somebody reads what these take. Otherwise they only tell that the model is alive, and the result may differ. */
  readonly isShown?: boolean;
  /** Takes what the model thinks, as far as its vendor shows it. Used with `onDelta` alone. */
  readonly onReasoning?: (piece: ReasoningPiece) => void;
  /** Takes calls of tools, one after another, each counted in the order of `toolRequests`. Used with `onDelta` alone. */
  readonly onToolCall?: (piece: ToolCallPiece) => void;
}

export interface ProviderCall extends AnswerReader {
  readonly model: string;
  /** Exactly what the model is sent, in order: `promptMessages(prompt)`. */
  readonly messages: readonly PromptMessage[];
  /** The same in its parts, for a provider that is no model. */
  readonly prompt: Prompt;
  readonly tools: readonly OfferedTool[];
  /** `none` keeps the tools in view, so that earlier calls stay valid, and forbids new ones. */
  readonly toolChoice: ToolChoice;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** Texts at which the answer ends. */
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  /** How many answers to the same prompt. */
  readonly n?: number | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  /** False: one tool at a time. */
  readonly parallelToolCalls?: boolean | undefined;
  readonly maxOutputTokens: number;
  /** Absent: the vendor's prompt cache is told of the caller's marks only. */
  readonly promptCaching?: PromptCaching | undefined;
  /** JSON Schema that the answer must satisfy. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  /** The request of a vendor's API that this call was made from. */
  readonly native?: NativeRequest | undefined;
  /** Kept up to date as the answer comes, for the bill of a call that fails. */
  readonly progress?: CallProgress;
}

export interface ProviderCompletion {
  readonly text: string;
  /** What the model thought, as far as its vendor shows it; empty when it shows nothing. No part of the answer. */
  readonly reasoning?: string;
  /** What the vendor wants back in the next turn. */
  readonly reasoningItems?: readonly ReasoningItem[];
  readonly finishReason: Completion["finishReason"];
  /** Which of the texts that end an answer ended this one, where the vendor says so. */
  readonly stopSequence?: string;
  /** What the provider billed; `null` when its answer says nothing at all. */
  readonly usage: ReportedUsage | null;
  /** As the answer names it, e.g. with the date of the version. */
  readonly model: string;
  readonly toolRequests: readonly ToolRequest[];
  /** Further answers to the same prompt, where more than one was asked for. */
  readonly alternatives?: readonly string[];
  /** What of the call was not sent. */
  readonly warnings?: readonly Warning[];
  /** Between 0 and 1, only where the provider itself says something about it. */
  readonly confidence?: number;
}

export interface Provider {
  /**
   * Gets one completion, without retrying.
   * @throws the vendor's error, or a NocpError; never answers with half a completion.
   */
  complete(call: ProviderCall, signal: AbortSignal): Promise<ProviderCompletion>;
  /**
   * Asks for something that costs nothing, to see whether anybody answers. Absent where nobody is called.
   * @throws the vendor's error.
   */
  check?(signal: AbortSignal): Promise<void>;
}

/** Answers from a prompt alone. */
export type AnswerPrompt = (
  call: { readonly prompt: Prompt; readonly outputSchema?: Readonly<Record<string, unknown>> | undefined },
  signal: AbortSignal,
) => Promise<{ readonly text: string; readonly confidence: number }>;

export interface ProviderDependencies {
  readonly fetch: typeof fetch;
  /** Where a provider that is no model reads large prompts; in this thread unless given. */
  readonly answerPrompt?: AnswerPrompt;
}

/** A provider with its settings: what a route may name. */
export interface ProviderSetup {
  readonly name: string;
  readonly configured: boolean;
  /** What to do to have it configured, e.g. `set OPENAI_API_KEY`. */
  readonly howToConfigure: string;
  /** Model of requests that name none; empty when there is none. */
  readonly defaultModel: string;
  /** Where its calls go; absent where it answers within the process. */
  readonly serverUrl?: string;
  readonly pricing: Pricing;
  readonly limits: CallLimits;
  readonly capabilities: CapabilityTable;
  /** The provider whose models it serves with another account. */
  readonly accountOf?: string;
  /** Runs on one's own machines. */
  readonly isLocal?: boolean;
  /** Called once, at the first use: vendors' SDKs are imported here and not before, so that starting stays cheap. */
  create(dependencies: ProviderDependencies): Provider | Promise<Provider>;
}

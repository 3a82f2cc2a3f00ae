// What a span says of a call, in the attributes of OpenTelemetry's GenAI conventions. They are in development and have no
// release, so their names stand here: open-telemetry/semantic-conventions-genai, commit 9f1b0bb4320aba1797371a60f19ab07bad938932.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { finishReasonOf, recordedAnswers, recordedPrompt } from "./recorded-messages.ts";

const genAi = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestTemperature: "gen_ai.request.temperature",
  requestMaxTokens: "gen_ai.request.max_tokens",
  requestStream: "gen_ai.request.stream",
  outputType: "gen_ai.output.type",
  conversationId: "gen_ai.conversation.id",
  responseModel: "gen_ai.response.model",
  responseFinishReasons: "gen_ai.response.finish_reasons",
  /** Seconds. */
  responseTimeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  usageInputTokens: "gen_ai.usage.input_tokens",
  usageOutputTokens: "gen_ai.usage.output_tokens",
  usageCacheReadInputTokens: "gen_ai.usage.cache_read.input_tokens",
  usageCacheWriteInputTokens: "gen_ai.usage.cache_write.input_tokens",
  /** The former name of the line before, for what reads it still. */
  usageCacheCreationInputTokens: "gen_ai.usage.cache_creation.input_tokens",
  usageReasoningOutputTokens: "gen_ai.usage.reasoning.output_tokens",
  /** Content: only when `telemetry.recordContent` is on. */
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
} as const;

/** Counts the candidates of one route from 1; NOCP's own. */
const attemptNumber = "nocp.provider.attempt";

export interface DescribedCall {
  readonly genAiName: string;
  readonly call: ProviderCall;
  /** Counts from 1 within the route. */
  readonly number: number;
  readonly sessionId: string | undefined;
  readonly recordContent: boolean;
}

export const requestAttributes = ({ genAiName, call, number, sessionId, recordContent }: DescribedCall) => ({
  [genAi.operationName]: "chat",
  [genAi.providerName]: genAiName,
  [genAi.requestModel]: call.model,
  [genAi.requestMaxTokens]: call.maxOutputTokens,
  [genAi.requestStream]: call.onDelta !== undefined,
  [genAi.outputType]: call.outputSchema === undefined ? "text" : "json",
  [attemptNumber]: number,
  ...(call.temperature === undefined ? {} : { [genAi.requestTemperature]: call.temperature }),
  ...(sessionId === undefined ? {} : { [genAi.conversationId]: sessionId }),
  ...(recordContent ? { [genAi.inputMessages]: JSON.stringify(recordedPrompt(call.messages)) } : {}),
});

/** Of an answer, or of what a failed call is billed. */
export const usageAttributes = (usage: Usage) => ({
  [genAi.usageInputTokens]: usage.inputTokens,
  [genAi.usageOutputTokens]: usage.outputTokens,
  [genAi.usageCacheReadInputTokens]: usage.cacheReadTokens,
  [genAi.usageCacheWriteInputTokens]: usage.cacheWriteTokens,
  [genAi.usageCacheCreationInputTokens]: usage.cacheWriteTokens,
  [genAi.usageReasoningOutputTokens]: usage.reasoningTokens,
});

/** @param firstTokenMs undefined when the answer was not streamed. */
export const answerAttributes = (
  { usage, ...answer }: Omit<ProviderCompletion, "usage"> & { readonly usage: Usage },
  firstTokenMs: number | undefined,
  recordContent: boolean,
) => ({
  [genAi.responseModel]: answer.model,
  [genAi.responseFinishReasons]: [finishReasonOf(answer.finishReason)],
  ...usageAttributes(usage),
  ...(firstTokenMs === undefined ? {} : { [genAi.responseTimeToFirstChunk]: firstTokenMs / 1000 }),
  ...(recordContent ? { [genAi.outputMessages]: JSON.stringify(recordedAnswers(answer)) } : {}),
});

// What a span says of a call, in the attributes of OpenTelemetry's GenAI conventions. They are in development and have no
// release, so their names stand here: open-telemetry/semantic-conventions-genai, commit 9f1b0bb4320aba1797371a60f19ab07bad938932.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import { finishReasonOf, recordedAnswers, recordedPrompt } from "./recorded-messages.ts";
import { serverEndpointOf } from "./server-endpoint.ts";

const genAi = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestTemperature: "gen_ai.request.temperature",
  requestMaxTokens: "gen_ai.request.max_tokens",
  requestStream: "gen_ai.request.stream",
  outputType: "gen_ai.output.type",
  conversationId: "gen_ai.conversation.id",
  responseId: "gen_ai.response.id",
  responseModel: "gen_ai.response.model",
  responseFinishReasons: "gen_ai.response.finish_reasons",
  /** Seconds. */
  responseTimeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  usageInputTokens: "gen_ai.usage.input_tokens",
  usageOutputTokens: "gen_ai.usage.output_tokens",
  usageCacheReadInputTokens: "gen_ai.usage.cache_read.input_tokens",
  usageCacheWriteInputTokens: "gen_ai.usage.cache_write.input_tokens",
  usageReasoningOutputTokens: "gen_ai.usage.reasoning.output_tokens",
  /** Content: only when `telemetry.recordContent` is on. */
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
} as const;

/** Not of generative AI alone. */
const serverAddress = "server.address";
const serverPort = "server.port";

/** Names that the conventions gave up; `telemetry.formerNames` writes them beside the current ones, for what still reads them. */
const former = {
  system: "gen_ai.system",
  usagePromptTokens: "gen_ai.usage.prompt_tokens",
  usageCompletionTokens: "gen_ai.usage.completion_tokens",
  usageCacheCreationInputTokens: "gen_ai.usage.cache_creation.input_tokens",
} as const;

/** Counts the candidates of one route from 1; NOCP's own. */
const attemptNumber = "nocp.provider.attempt";

export interface SpanOptions {
  readonly recordContent: boolean;
  /** Whether spans have the attributes' former names, too. */
  readonly formerNames: boolean;
}

export interface DescribedCall extends SpanOptions {
  readonly installed: Pick<InstalledProvider, "genAiName" | "serverUrl">;
  readonly call: ProviderCall;
  /** Counts from 1 within the route. */
  readonly number: number;
  readonly sessionId: string | undefined;
}

export const requestAttributes = ({ installed, call, number, sessionId, recordContent, formerNames }: DescribedCall) => ({
  [genAi.operationName]: "chat",
  [genAi.providerName]: installed.genAiName,
  ...(formerNames ? { [former.system]: installed.genAiName } : {}),
  ...serverAttributes(installed.serverUrl),
  [genAi.requestModel]: call.model,
  [genAi.requestMaxTokens]: call.maxOutputTokens,
  [genAi.requestStream]: call.onDelta !== undefined,
  [genAi.outputType]: call.outputSchema === undefined ? "text" : "json",
  [attemptNumber]: number,
  ...(call.temperature === undefined ? {} : { [genAi.requestTemperature]: call.temperature }),
  ...(sessionId === undefined ? {} : { [genAi.conversationId]: sessionId }),
  ...(recordContent ? { [genAi.inputMessages]: JSON.stringify(recordedPrompt(call.messages)) } : {}),
});

function serverAttributes(serverUrl: string | undefined) {
  const server = serverEndpointOf(serverUrl);
  return server === undefined ? {} : { [serverAddress]: server.address, [serverPort]: server.port };
}

const usageAttributes = (usage: Usage, formerNames: boolean) => ({
  [genAi.usageInputTokens]: usage.inputTokens,
  [genAi.usageOutputTokens]: usage.outputTokens,
  [genAi.usageCacheReadInputTokens]: usage.cacheReadTokens,
  [genAi.usageCacheWriteInputTokens]: usage.cacheWriteTokens,
  [genAi.usageReasoningOutputTokens]: usage.reasoningTokens,
  ...(formerNames
    ? {
        [former.usagePromptTokens]: usage.inputTokens,
        [former.usageCompletionTokens]: usage.outputTokens,
        [former.usageCacheCreationInputTokens]: usage.cacheWriteTokens,
      }
    : {}),
});

const idAttribute = (id: string | undefined) => (id === undefined ? {} : { [genAi.responseId]: id });

/** @param id as the vendor calls the answer. @param firstTokenMs undefined when the answer was not streamed. */
export const answerAttributes = (
  { usage, ...answer }: Omit<ProviderCompletion, "usage"> & { readonly usage: Usage },
  id: string | undefined,
  firstTokenMs: number | undefined,
  { recordContent, formerNames }: SpanOptions,
) => ({
  ...idAttribute(id),
  [genAi.responseModel]: answer.model,
  [genAi.responseFinishReasons]: [finishReasonOf(answer.finishReason)],
  ...usageAttributes(usage, formerNames),
  ...(firstTokenMs === undefined ? {} : { [genAi.responseTimeToFirstChunk]: firstTokenMs / 1000 }),
  ...(recordContent ? { [genAi.outputMessages]: JSON.stringify(recordedAnswers(answer)) } : {}),
});

/** Of a call that failed: which answer it was, if one began, and what is billed for it. */
export const failedCallAttributes = (id: string | undefined, usage: Usage | undefined, { formerNames }: SpanOptions) => ({
  ...idAttribute(id),
  ...(usage === undefined ? {} : usageAttributes(usage, formerNames)),
});

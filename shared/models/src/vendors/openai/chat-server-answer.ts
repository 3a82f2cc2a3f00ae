// A result as a client of Chat Completions expects it: whole, or in chunks.
import type { AnswerPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { answerUsage } from "../../answer-usage.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";

type FinishReason = ChatCompletion.Choice["finish_reason"];

const finishReasonOf = ({ finishReason, toolRequests = [] }: NocpResult): FinishReason => {
  if (toolRequests.length > 0) return "tool_calls";
  if (finishReason === "length") return "length";
  return finishReason === "content-filter" ? "content_filter" : "stop";
};

const idOf = ({ requestId }: AnswerIdentity): string => `chatcmpl-${requestId}`;
const modelOf = ({ model }: NocpResult, asked: string): string => model ?? asked;

const toolCallsOf = ({ toolRequests = [] }: NocpResult) =>
  toolRequests.map((request) => ({
    id: request.id,
    type: "function" as const,
    function: { name: request.name, arguments: JSON.stringify(request.arguments) },
  }));

/** Of the calls that answered: one that failed is on NOCP's bill, and no part of this answer. */
export function chatUsage(result: NocpResult): CompletionUsage {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens } = answerUsage(result);
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** The field has no place in OpenAI's format; DeepSeek, vLLM and the clients that read reasoning agree on its name. */
type WithReasoning = { reasoning_content?: string };
const reasoningOf = ({ reasoning }: NocpResult): WithReasoning =>
  reasoning === undefined ? {} : { reasoning_content: reasoning };

export function chatCompletion(result: NocpResult, asked: string, identity: AnswerIdentity): ChatCompletion {
  const calls = toolCallsOf(result);
  const text = result.answer ?? "";
  const isRefusal = result.finishReason === "content-filter";
  const message: ChatCompletion.Choice["message"] & WithReasoning = {
    role: "assistant",
    content: isRefusal || (text === "" && calls.length > 0) ? null : text,
    refusal: isRefusal ? text : null,
    ...reasoningOf(result),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const others = (result.alternatives ?? []).map((content, at) => ({
    index: at + 1,
    message: { role: "assistant" as const, content, refusal: null },
    logprobs: null,
    finish_reason: "stop" as const,
  }));
  return {
    id: idOf(identity),
    object: "chat.completion",
    created: identity.createdAt,
    model: modelOf(result, asked),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(result) }, ...others],
    usage: chatUsage(result),
  };
}

type Delta = ChatCompletionChunk.Choice.Delta & WithReasoning;

/** @param includeUsage whether a last chunk without choices has the usage, as `stream_options.include_usage` asks for. */
export function chatStream(asked: string, includeUsage: boolean, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  let calls = 0;
  const chunk = (model: string, choices: ChatCompletionChunk.Choice[], usage: CompletionUsage | null = null): ServerEvent => ({
    data: {
      id: idOf(identity),
      object: "chat.completion.chunk",
      created: identity.createdAt,
      model,
      choices,
      ...(includeUsage ? { usage } : {}),
    } satisfies ChatCompletionChunk,
  });
  const choice = (delta: Delta, finish_reason: FinishReason | null = null, index = 0): ChatCompletionChunk.Choice => ({
    index,
    delta,
    logprobs: null,
    finish_reason,
  });
  const begin = (model: string): ServerEvent[] => {
    if (hasBegun) return [];
    hasBegun = true;
    return [chunk(model, [choice({ role: "assistant", content: "" })])];
  };
  /** Id and name come with the first piece of a call, and arguments after it, as OpenAI sends them. */
  const call = (model: string, { call: index, id, name, text }: ToolCallPiece): ServerEvent[] => {
    const begun = { tool_calls: [{ index, id, type: "function" as const, function: { name, arguments: "" } }] };
    const isNew = index >= calls;
    calls = index + 1;
    const deltas = [
      ...(isNew ? [begun] : []),
      ...(text === "" ? [] : [{ tool_calls: [{ index, function: { arguments: text } }] }]),
    ];
    return deltas.map((delta) => chunk(model, [choice(delta)]));
  };
  const write = (model: string, { text, reasoning, toolCall }: AnswerPiece): ServerEvent[] => {
    if (toolCall !== undefined) return call(model, toolCall);
    const delta = reasoning === undefined ? { content: text } : { reasoning_content: reasoning.text };
    return (reasoning?.text ?? text) === "" ? [] : [chunk(model, [choice(delta)])];
  };
  return {
    write: (piece) => [...begin(asked), ...write(asked, piece)],
    end(result, rest) {
      const model = modelOf(result, asked);
      const alternatives = (result.alternatives ?? []).flatMap((content, at) => [
        chunk(model, [choice({ role: "assistant", content }, null, at + 1)]),
        chunk(model, [choice({}, "stop", at + 1)]),
      ]);
      return [
        ...begin(model),
        ...rest.flatMap((piece) => write(model, piece)),
        chunk(model, [choice({}, finishReasonOf(result))]),
        ...alternatives,
        ...(includeUsage ? [chunk(model, [], chatUsage(result))] : []),
        { data: "[DONE]" },
      ];
    },
  };
}

// An answer of Chat Completions. What is not read may differ from server to server.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { z } from "zod";
import { contentFiltered, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { nextToolRequestId } from "../../prompts/well-formed-messages.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCompletion } from "../../provider.ts";

const count = z.int().nonnegative();
export const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count.nullish(), cache_write_tokens: count.nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish(),
});
export const toolCallSchema = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
export const messageSchema = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
});
/** What is read of an answer; servers differ in the rest. */
const completionSchema = z.object({
  model: z.string(),
  choices: z.array(z.object({ message: messageSchema, finish_reason: z.string().nullish() })).min(1),
  usage: usageSchema.nullish(),
});
/** The answer in one form, whole or put together from a stream. */
export interface ChatAnswer {
  model: string;
  text: string;
  refusal: string;
  finishReason: string | null;
  toolCalls: { id: string; name: string; arguments: string }[];
  usage: z.infer<typeof usageSchema> | null;
}

export const filledIn = (toolCall: z.infer<typeof toolCallSchema>) => ({
  id: toolCall.id ?? "",
  name: toolCall.function?.name ?? "",
  arguments: toolCall.function?.arguments ?? "",
});

/** @throws NocpError PROVIDER_INVALID_RESPONSE */
export function readChatAnswer(response: unknown): ChatAnswer {
  const { model, choices, usage } = parseResponse(completionSchema, response);
  const choice = choices[0]!;
  return {
    model,
    text: choice.message.content ?? "",
    refusal: choice.message.refusal ?? "",
    finishReason: choice.finish_reason ?? null,
    toolCalls: (choice.message.tool_calls ?? []).map(filledIn),
    usage: usage ?? null,
  };
}

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE */
export function completionOfChat(answer: ChatAnswer, { messages, names }: WirePrompt): ProviderCompletion {
  if (answer.finishReason === "content_filter") throw contentFiltered(answer.finishReason);
  const toolRequests = answer.toolCalls.filter(Boolean).map((toolCall, index) => ({
    id: toolCall.id || nextToolRequestId(messages, index),
    name: names.fromVendor(toolCall.name),
    arguments: parseToolArguments(toolCall.arguments),
  }));
  const finishReason = () => {
    // Some servers say `stop` here.
    if (toolRequests.length > 0) return "tool-calls";
    if (answer.refusal !== "" && answer.text === "") return "content-filter";
    if (answer.finishReason === "length") return "length";
    return answer.finishReason === "stop" || answer.finishReason === null ? "stop" : "unknown";
  };
  return {
    text: answer.text === "" ? answer.refusal : answer.text,
    finishReason: finishReason(),
    usage: usageOf(answer.usage),
    model: answer.model,
    toolRequests,
  };
}

function usageOf(usage: ChatAnswer["usage"]): Usage | null {
  if (!usage) return null;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    source: "provider",
  };
}

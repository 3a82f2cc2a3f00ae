// A completion through Chat Completions, the protocol that every compatible server speaks.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { OpenAI } from "openai/client";
import type { ChatCompletionCreateParamsBase, ChatCompletionMessageParam } from "openai/resources/chat/completions/completions";
import { z } from "zod";
import type { ProviderCall, ProviderCompletion } from "../../provider.ts";
import { createToolNames, type ToolNames } from "../../tool-names.ts";
import { brokenStream, contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "./invalid-response.ts";
import { isStrictSchema } from "./strict-schema.ts";
import { nextToolRequestId, toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

const count = z.int().nonnegative();
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count.nullish(), cache_write_tokens: count.nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish(),
});
const toolCallSchema = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
const messageSchema = z.object({
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
const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      delta: z.object({
        ...messageSchema.shape,
        tool_calls: z.array(z.object({ ...toolCallSchema.shape, index: z.int().nullish() })).nullish(),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usageSchema.nullish(),
});

interface Answer {
  model: string;
  text: string;
  refusal: string;
  finishReason: string | null;
  toolCalls: { id: string; name: string; arguments: string }[];
  usage: z.infer<typeof usageSchema> | null;
}

export async function completeByChat(client: OpenAI, call: ProviderCall, signal: AbortSignal): Promise<ProviderCompletion> {
  const messages = wellFormedMessages(call.messages);
  const names = createToolNames(toolNamesIn(messages, call.tools));
  const body = requestBody(call, messages, names);
  const answer = call.onDelta
    ? await streamedAnswer(client, body, call, call.onDelta, signal)
    : wholeAnswer(await client.chat.completions.create({ ...body, stream: false }, { signal }));
  return completionOf(answer, messages, names);
}

function requestBody(call: ProviderCall, messages: readonly PromptMessage[], names: ToolNames): ChatCompletionCreateParamsBase {
  return {
    model: call.model,
    messages: messages.map((message) => chatMessage(message, names)),
    // Not max_completion_tokens: compatible servers know the old name.
    max_tokens: call.maxOutputTokens,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.tools.length === 0
      ? {}
      : {
          tool_choice: call.toolChoice,
          tools: call.tools.map((tool) => ({
            type: "function" as const,
            function: { name: names.toVendor(tool.name), description: tool.description, parameters: tool.parameters },
          })),
        }),
    ...(call.outputSchema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: "answer", schema: call.outputSchema, strict: isStrictSchema(call.outputSchema) },
          },
        }),
  };
}

function chatMessage(message: PromptMessage, names: ToolNames): ChatCompletionMessageParam {
  if (message.role === "tool") return { role: "tool", tool_call_id: message.toolRequestId ?? "", content: message.text };
  if (message.role !== "assistant" || !message.toolRequests?.length) return { role: message.role, content: message.text };
  return {
    role: "assistant",
    content: message.text,
    tool_calls: message.toolRequests.map((request) => ({
      id: request.id,
      type: "function",
      function: { name: names.toVendor(request.name), arguments: JSON.stringify(request.arguments) },
    })),
  };
}

const filledIn = (toolCall: z.infer<typeof toolCallSchema>) => ({
  id: toolCall.id ?? "",
  name: toolCall.function?.name ?? "",
  arguments: toolCall.function?.arguments ?? "",
});

function wholeAnswer(response: unknown): Answer {
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

async function streamedAnswer(
  client: OpenAI,
  body: ChatCompletionCreateParamsBase,
  call: ProviderCall,
  onDelta: (text: string) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const stream = await client.chat.completions.create(
    { ...body, stream: true, stream_options: { include_usage: true } },
    { signal },
  );
  if (typeof stream[Symbol.asyncIterator] !== "function") throw invalidResponse("it is no stream");
  const answer: Answer = { model: call.model, text: "", refusal: "", finishReason: null, toolCalls: [], usage: null };
  for await (const received of stream) {
    const chunk = parseResponse(chunkSchema, received);
    answer.model = chunk.model || answer.model;
    answer.usage = chunk.usage ?? answer.usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    answer.finishReason = choice.finish_reason ?? answer.finishReason;
    answer.refusal += choice.delta.refusal ?? "";
    if (choice.delta.content) {
      answer.text += choice.delta.content;
      onDelta(choice.delta.content);
    }
    for (const piece of choice.delta.tool_calls ?? []) addToolCallPiece(answer.toolCalls, piece);
  }
  if (answer.finishReason === null) throw brokenStream();
  return answer;
}

/** The first piece of a call has its id and name, the others more of its arguments, all under one index. */
function addToolCallPiece(
  toolCalls: Answer["toolCalls"],
  piece: z.infer<typeof toolCallSchema> & { index?: number | null | undefined },
): void {
  const index = piece.index ?? Math.max(0, piece.id ? toolCalls.length : toolCalls.length - 1);
  const known = toolCalls[index];
  if (!known) {
    toolCalls[index] = filledIn(piece);
    return;
  }
  known.name ||= piece.function?.name ?? "";
  known.arguments += piece.function?.arguments ?? "";
}

function completionOf(answer: Answer, messages: readonly PromptMessage[], names: ToolNames): ProviderCompletion {
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

function usageOf(usage: Answer["usage"]): Usage | null {
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

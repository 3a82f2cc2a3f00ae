// A result as a client of Anthropic's Messages API expects it: whole, or as events.
import type { RawMessageStreamEvent, StopReason } from "@anthropic-ai/sdk/resources/messages/messages";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { answerUsage } from "../../answer-usage.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";

const stopReasonOf = ({ finishReason, stopSequence, toolRequests = [] }: NocpResult): StopReason => {
  if (toolRequests.length > 0) return "tool_use";
  if (stopSequence !== undefined) return "stop_sequence";
  if (finishReason === "length") return "max_tokens";
  return finishReason === "content-filter" ? "refusal" : "end_turn";
};

/** Anthropic's input tokens leave out what was read from its cache, or written to it; NOCP's include both. */
export function messagesUsage(result: NocpResult) {
  const {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteOneHourTokens = 0,
    reasoningTokens,
  } = answerUsage(result);
  return {
    input_tokens: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    output_tokens: outputTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWriteTokens - cacheWriteOneHourTokens,
      ephemeral_1h_input_tokens: cacheWriteOneHourTokens,
    },
    output_tokens_details: { thinking_tokens: reasoningTokens },
    server_tool_use: null,
    service_tier: null,
  };
}

/** What the vendor wants back word for word; nobody else's thinking has a signature that it would take. */
const thinkingOf = ({ reasoningItems = [] }: NocpResult): Record<string, unknown>[] =>
  reasoningItems.filter(({ vendor }) => vendor === "anthropic").map(({ data }) => data);

const toolUsesOf = ({ toolRequests = [] }: NocpResult) =>
  toolRequests.map(({ id, name, arguments: input }) => ({ type: "tool_use" as const, id, name, input }));

const textBlock = (text: string) => ({ type: "text" as const, text, citations: null });

const messageOf = (model: string, { requestId }: AnswerIdentity) => ({
  id: `msg_${requestId}`,
  type: "message" as const,
  role: "assistant" as const,
  model,
  stop_sequence: null,
});

export function messagesAnswer(result: NocpResult, asked: string, identity: AnswerIdentity): object {
  const text = result.answer ?? "";
  return {
    ...messageOf(result.model ?? asked, identity),
    content: [...thinkingOf(result), ...(text === "" ? [] : [textBlock(text)]), ...toolUsesOf(result)],
    stop_reason: stopReasonOf(result),
    stop_sequence: result.stopSequence ?? null,
    usage: messagesUsage(result),
  };
}

/** Blocks follow one another: a text is open while pieces of it come. */
export function messagesStream(asked: string, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  let index = -1;
  let isTextOpen = false;

  const begin = (model: string): ServerEvent[] => {
    if (hasBegun) return [];
    hasBegun = true;
    const usage = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    return [named({ type: "message_start", message: { ...messageOf(model, identity), content: [], stop_reason: null, usage } })];
  };
  const open = (content_block: object): ServerEvent => {
    index += 1;
    return named({ type: "content_block_start", index, content_block });
  };
  const change = (delta: object): ServerEvent => named({ type: "content_block_delta", index, delta });
  const close = (): ServerEvent => named({ type: "content_block_stop", index });
  const write = (text: string): ServerEvent[] => {
    if (text === "") return [];
    const opening = isTextOpen ? [] : [open(textBlock(""))];
    isTextOpen = true;
    return [...opening, change({ type: "text_delta", text })];
  };
  const closeText = (): ServerEvent[] => {
    if (!isTextOpen) return [];
    isTextOpen = false;
    return [close()];
  };
  const thinking = (block: Record<string, unknown>): ServerEvent[] =>
    block.type === "thinking"
      ? [
          open({ type: "thinking", thinking: "", signature: "" }),
          change({ type: "thinking_delta", thinking: block.thinking ?? "" }),
          change({ type: "signature_delta", signature: block.signature ?? "" }),
          close(),
        ]
      : [open(block), close()];
  const toolUse = ({ input, ...call }: ReturnType<typeof toolUsesOf>[number]): ServerEvent[] => [
    open({ ...call, input: {} }),
    change({ type: "input_json_delta", partial_json: JSON.stringify(input) }),
    close(),
  ];
  return {
    text: (piece) => (piece === "" ? [] : [...begin(asked), ...write(piece)]),
    end(result, rest) {
      const events = begin(result.model ?? asked);
      // After a text it would stand in the wrong place, and nobody who asked for it is shown text before it.
      if (index < 0) events.push(...thinkingOf(result).flatMap(thinking));
      events.push(...write(rest), ...closeText());
      for (const call of toolUsesOf(result)) events.push(...toolUse(call));
      const delta = { stop_reason: stopReasonOf(result), stop_sequence: result.stopSequence ?? null };
      return [...events, named({ type: "message_delta", delta, usage: messagesUsage(result) }), named({ type: "message_stop" })];
    },
  };
}

type AnyEvent = { readonly type: RawMessageStreamEvent["type"] };
/** Clients go by the event's name as well as by its type. */
const named = (data: AnyEvent & Readonly<Record<string, unknown>>): ServerEvent => ({ event: data.type, data });

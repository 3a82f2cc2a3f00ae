// A result as a client of Anthropic's Messages API expects it: whole, or as events.
import type { RawMessageStreamEvent, StopReason } from "@anthropic-ai/sdk/resources/messages/messages";
import type { AnswerPiece, ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { answerUsage } from "../../answer-usage.ts";
import { answerPieces } from "../../answers/answer-pieces.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";
import { messagesVendor } from "./reasoning-items.ts";

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

/** Text and thinking in their order. Nobody else's thinking has a signature that the vendor would take. */
const blocksOf = ({ answer, reasoningItems = [] }: NocpResult) =>
  answerPieces({ answer, reasoningItems: reasoningItems.filter(({ vendor }) => vendor === messagesVendor) }).flatMap(
    ({ text, reasoning }) => {
      if (reasoning === undefined) return [textBlock(text)];
      return reasoning.data === undefined ? [] : [reasoning.data];
    },
  );

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
  return {
    ...messageOf(result.model ?? asked, identity),
    content: [...blocksOf(result), ...toolUsesOf(result)],
    stop_reason: stopReasonOf(result),
    stop_sequence: result.stopSequence ?? null,
    usage: messagesUsage(result),
  };
}

/** Blocks follow one another: a text, thinking, or a call is open while pieces of it come. */
export function messagesStream(asked: string, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  const blocks = createBlockEvents();

  const begin = (model: string): ServerEvent[] => {
    if (hasBegun) return [];
    hasBegun = true;
    const usage = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    return [named({ type: "message_start", message: { ...messageOf(model, identity), content: [], stop_reason: null, usage } })];
  };
  return {
    write: (piece) => [...begin(asked), ...blocks.write(piece)],
    end(result, rest) {
      const events = begin(result.model ?? asked);
      for (const piece of rest) events.push(...blocks.write(piece));
      events.push(...blocks.close());
      const delta = { stop_reason: stopReasonOf(result), stop_sequence: result.stopSequence ?? null };
      return [...events, named({ type: "message_delta", delta, usage: messagesUsage(result) }), named({ type: "message_stop" })];
    },
  };
}

function createBlockEvents() {
  let index = -1;
  let open: "text" | "thinking" | `call ${number}` | undefined;

  const start = (content_block: object): ServerEvent => {
    index += 1;
    return named({ type: "content_block_start", index, content_block });
  };
  const change = (delta: object): ServerEvent => named({ type: "content_block_delta", index, delta });
  const stop = (): ServerEvent => named({ type: "content_block_stop", index });
  const close = (): ServerEvent[] => {
    if (open === undefined) return [];
    open = undefined;
    return [stop()];
  };
  const opened = (kind: NonNullable<typeof open>, block: object): ServerEvent[] => {
    if (open === kind) return [];
    const events = [...close(), start(block)];
    open = kind;
    return events;
  };
  const think = ({ text, data }: ReasoningPiece): ServerEvent[] => {
    if (data !== undefined && data.type !== "thinking") return [...close(), start(data), stop()];
    const events = opened("thinking", { type: "thinking", thinking: "", signature: "" });
    if (text !== "") events.push(change({ type: "thinking_delta", thinking: text }));
    if (data === undefined) return events;
    return [...events, change({ type: "signature_delta", signature: data.signature ?? "" }), ...close()];
  };
  const call = ({ call: number, id, name, text }: ToolCallPiece): ServerEvent[] => {
    const events = opened(`call ${number}`, { type: "tool_use", id, name, input: {} });
    return text === "" ? events : [...events, change({ type: "input_json_delta", partial_json: text })];
  };
  return {
    write({ text, reasoning, toolCall }: AnswerPiece): ServerEvent[] {
      if (toolCall !== undefined) return call(toolCall);
      if (reasoning !== undefined) return think(reasoning);
      return text === "" ? [] : [...opened("text", textBlock("")), change({ type: "text_delta", text })];
    },
    close,
  };
}

type AnyEvent = { readonly type: RawMessageStreamEvent["type"] };
/** Clients go by the event's name as well as by its type. */
const named = (data: AnyEvent & Readonly<Record<string, unknown>>): ServerEvent => ({ event: data.type, data });

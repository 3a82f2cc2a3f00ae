// An answer of Anthropic's Messages API.
import type { ReasoningItem } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { optional, optionalText, tokenCount } from "../../answers/lenient.ts";
import { contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { joinReasoning } from "../../answers/reasoning-text.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { ProviderCompletion } from "../../provider.ts";
import { type CallProgress, noteIdentity, type ReportedUsage } from "../../reported-usage.ts";
import { isReasoningBlock, messagesVendor } from "./reasoning-items.ts";

export const usageSchema = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  cache_read_input_tokens: tokenCount,
  cache_creation_input_tokens: tokenCount,
  cache_creation: optional(z.object({ ephemeral_5m_input_tokens: tokenCount, ephemeral_1h_input_tokens: tokenCount })),
  output_tokens_details: optional(z.object({ thinking_tokens: tokenCount })),
});
type MessageUsage = z.infer<typeof usageSchema>;

/** One form for the blocks that are read; the rest of a block goes back as it came. */
export const blockSchema = z.looseObject({
  type: z.string(),
  text: optionalText,
  thinking: optionalText,
  id: optionalText,
  name: optionalText,
  input: z.unknown().optional(),
});
type Block = z.infer<typeof blockSchema>;

/** What is read of an answer, whole or put together from a stream. */
export const messageSchema = z.object({
  id: optionalText,
  model: optionalText,
  stop_reason: optionalText,
  stop_sequence: optionalText,
  content: z.array(blockSchema),
  usage: optional(usageSchema),
});
export type Message = z.infer<typeof messageSchema>;
/** Read before the rest: it is billed whatever becomes of the answer. */
const billedSchema = messageSchema.extend({ content: optional(z.array(blockSchema)) });

/** @throws NocpError PROVIDER_INVALID_RESPONSE; the error that the body is. */
export function readMessage(body: unknown, progress?: CallProgress): Message {
  const billed = billedSchema.safeParse(body).data;
  if (billed && progress) {
    const written = (billed.content ?? []).map((block) => `${block.thinking ?? ""}${block.text ?? ""}${inputText(block)}`);
    Object.assign(progress, { answered: true, usage: reportedByMessages(billed.usage), output: written.join("") });
    noteIdentity(progress, billed);
  }
  throwReportedFailure(body);
  return parseResponse(messageSchema, body);
}

const inputText = ({ type, name, input }: Block): string =>
  type === "tool_use" ? `${name ?? ""}${JSON.stringify(input ?? {})}` : "";

const finishReasons: Readonly<Record<string, ProviderCompletion["finishReason"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
};

/**
 * @param asked the model that was asked, for an answer that names none.
 * @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE
 */
export function completionOfMessage(message: Message, names: ToolNames, asked: string): ProviderCompletion {
  const { content, stop_reason } = message;
  if (stop_reason === "refusal") throw contentFiltered(stop_reason);
  const toolRequests = content
    .filter(({ type }) => type === "tool_use")
    .map((block) => toolRequestOf(block, names, stop_reason === "max_tokens"));
  const thought = joinReasoning(content.map((block) => (block.type === "thinking" ? (block.thinking ?? "") : "")));
  const items = reasoningItemsOf(content);
  return {
    text: content.map(saidIn).join(""),
    ...(thought === "" ? {} : { reasoning: thought }),
    ...(items.length === 0 ? {} : { reasoningItems: items }),
    finishReason: toolRequests.length > 0 ? "tool-calls" : (finishReasons[stop_reason ?? ""] ?? "unknown"),
    ...(stop_reason === "stop_sequence" && message.stop_sequence ? { stopSequence: message.stop_sequence } : {}),
    usage: reportedByMessages(message.usage),
    model: message.model || asked,
    toolRequests,
  };
}

const saidIn = ({ type, text }: Block): string => (type === "text" ? (text ?? "") : "");

function reasoningItemsOf(content: readonly Block[]): ReasoningItem[] {
  const items: ReasoningItem[] = [];
  let textBefore = 0;
  for (const block of content) {
    textBefore += saidIn(block).length;
    const place = textBefore === 0 ? {} : { textBefore };
    if (isReasoningBlock(block.type)) items.push({ vendor: messagesVendor, data: withoutNothing(block), ...place });
  }
  return items;
}

/** A block as it goes back to its vendor. */
export const withoutNothing = (block: Block): Record<string, unknown> =>
  Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined && value !== null));

function toolRequestOf({ id, name, input }: Block, names: ToolNames, isCut: boolean) {
  if (!id || !name) throw invalidResponse("a call of a tool has no name, or no id");
  return { id, name: names.fromVendor(name), arguments: parseToolArguments(input, isCut) };
}

/** Anthropic's `input_tokens` leaves out what was read from or written to its cache; NOCP's includes it. */
export function reportedByMessages(usage: MessageUsage | null | undefined): ReportedUsage | null {
  if (!usage) return null;
  const input = usage.input_tokens ?? null;
  const outputTokens = usage.output_tokens ?? null;
  if (input === null && outputTokens === null) return null;
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const oneHour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? (usage.cache_creation?.ephemeral_5m_input_tokens ?? 0) + oneHour;
  return {
    inputTokens: input === null ? null : input + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteOneHourTokens: Math.min(oneHour, cacheWriteTokens),
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

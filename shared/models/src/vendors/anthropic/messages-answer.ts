// An answer of Anthropic's Messages API.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { z } from "zod";
import { contentFiltered } from "../../answers/read-answer.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { ProviderCompletion } from "../../provider.ts";

const count = z.int().nonnegative();
export const usageSchema = z.object({
  input_tokens: count.nullish(),
  output_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  output_tokens_details: z.object({ thinking_tokens: count.nullish() }).nullish(),
});
/** What is read of an answer, whole or put together from a stream. */
export const messageSchema = z.object({
  model: z.string(),
  stop_reason: z.string().nullish(),
  content: z.array(
    z.union([
      z.object({ type: z.literal("text"), text: z.string() }),
      z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) }),
      z.object({ type: z.string().refine((type) => type !== "text" && type !== "tool_use") }),
    ]),
  ),
  usage: usageSchema,
});
export type Message = z.infer<typeof messageSchema>;

const finishReasons: Readonly<Record<string, ProviderCompletion["finishReason"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
};

/** @throws NocpError CONTENT_FILTERED */
export function completionOfMessage(message: Message, names: ToolNames): ProviderCompletion {
  if (message.stop_reason === "refusal") throw contentFiltered(message.stop_reason);
  const text = message.content.map((block) => ("text" in block ? block.text : "")).join("");
  const toolRequests = message.content.flatMap((block) =>
    "input" in block ? [{ id: block.id, name: names.fromVendor(block.name), arguments: block.input }] : [],
  );
  return {
    text,
    finishReason: toolRequests.length > 0 ? "tool-calls" : (finishReasons[message.stop_reason ?? ""] ?? "unknown"),
    usage: usageOf(message.usage),
    model: message.model,
    toolRequests,
  };
}

/** Anthropic's `input_tokens` leaves out what was read from or written to its cache; NOCP's includes it. */
function usageOf(usage: z.infer<typeof usageSchema>): Usage | null {
  if (typeof usage.input_tokens !== "number" || typeof usage.output_tokens !== "number") return null;
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cacheReadTokens + cacheWriteTokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
    source: "provider",
  };
}

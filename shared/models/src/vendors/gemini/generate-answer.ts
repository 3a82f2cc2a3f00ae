// An answer of Gemini's generateContent: one response, or the chunks of a stream, which look alike.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { z } from "zod";
import { boundedToolArguments, contentFiltered, invalidResponse, parseResponse } from "../../answers/read-answer.ts";
import { nextToolRequestId } from "../../prompts/well-formed-messages.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCompletion } from "../../provider.ts";

const count = z.int().nonnegative();
const partSchema = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  functionCall: z
    .object({ id: z.string().nullish(), name: z.string(), args: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});
/** What is read of an answer, and of each chunk of a stream. */
const responseSchema = z.object({
  modelVersion: z.string().nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  candidates: z
    .array(
      z.object({ content: z.object({ parts: z.array(partSchema).nullish() }).nullish(), finishReason: z.string().nullish() }),
    )
    .nullish(),
  usageMetadata: z
    .object({
      promptTokenCount: count.nullish(),
      toolUsePromptTokenCount: count.nullish(),
      candidatesTokenCount: count.nullish(),
      thoughtsTokenCount: count.nullish(),
      cachedContentTokenCount: count.nullish(),
    })
    .nullish(),
});
type Parsed = z.infer<typeof responseSchema>;

/** What was read so far. */
export interface GeminiAnswer {
  model: string;
  parts: z.infer<typeof partSchema>[];
  finishReason: string | null;
  usage: Parsed["usageMetadata"];
}

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE */
export function addChunk(answer: GeminiAnswer, received: unknown, onDelta?: (text: string) => void): void {
  const chunk = parseResponse(responseSchema, received);
  const blocked = chunk.promptFeedback?.blockReason;
  if (blocked) throw contentFiltered(blocked);
  answer.model = chunk.modelVersion ?? answer.model;
  answer.usage = chunk.usageMetadata ?? answer.usage;
  const candidate = chunk.candidates?.[0];
  answer.finishReason = candidate?.finishReason ?? answer.finishReason;
  for (const part of candidate?.content?.parts ?? []) {
    answer.parts.push(part);
    if (part.text && !part.thought) onDelta?.(part.text);
  }
}

const filtered = /SAFETY|BLOCKLIST|PROHIBITED|SPII|RECITATION/;
const malformed = /MALFORMED|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS/;

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE */
export function completionOfGemini(answer: GeminiAnswer, { messages, names }: WirePrompt): ProviderCompletion {
  const reason = answer.finishReason ?? "";
  if (filtered.test(reason)) throw contentFiltered(reason);
  if (malformed.test(reason)) throw invalidResponse(`it ended with ${reason}`);
  const text = answer.parts.map((part) => (part.thought ? "" : (part.text ?? ""))).join("");
  const toolRequests = answer.parts
    .filter((part) => part.functionCall)
    .map((part, index) => ({
      id: part.functionCall?.id || nextToolRequestId(messages, index),
      name: names.fromVendor(part.functionCall?.name ?? ""),
      arguments: boundedToolArguments(part.functionCall?.args ?? {}),
      ...(part.thoughtSignature ? { signature: part.thoughtSignature } : {}),
    }));
  const finishReason = () => {
    if (toolRequests.length > 0) return "tool-calls";
    if (reason === "STOP") return "stop";
    return reason === "MAX_TOKENS" ? "length" : "unknown";
  };
  return { text, finishReason: finishReason(), usage: usageOf(answer.usage), model: answer.model, toolRequests };
}

/** Gemini counts thoughts beside the answer; NOCP's output includes them. */
function usageOf(usage: Parsed["usageMetadata"]): Usage | null {
  if (typeof usage?.promptTokenCount !== "number") return null;
  const reasoningTokens = usage.thoughtsTokenCount ?? 0;
  return {
    inputTokens: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
    outputTokens: (usage.candidatesTokenCount ?? 0) + reasoningTokens,
    cacheReadTokens: usage.cachedContentTokenCount ?? 0,
    cacheWriteTokens: 0,
    reasoningTokens,
    source: "provider",
  };
}

// An answer of Gemini's generateContent: one response, or the chunks of a stream, which look alike.
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { wholeCall } from "../../answers/answer-pieces.ts";
import { optional, optionalText, tokenCount } from "../../answers/lenient.ts";
import { brokenStream, contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { nextToolRequestId } from "../../prompts/well-formed-messages.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { AnswerReader, ProviderCall, ProviderCompletion } from "../../provider.ts";
import { noteIdentity, type ReportedUsage } from "../../reported-usage.ts";

const usageSchema = z.object({
  promptTokenCount: tokenCount,
  toolUsePromptTokenCount: tokenCount,
  candidatesTokenCount: tokenCount,
  thoughtsTokenCount: tokenCount,
  cachedContentTokenCount: tokenCount,
  totalTokenCount: tokenCount,
});
const partSchema = z.object({
  text: optionalText,
  thought: optional(z.boolean()),
  thoughtSignature: optionalText,
  functionCall: optional(z.object({ id: optionalText, name: optionalText, args: z.unknown().optional() })),
});
type Part = z.infer<typeof partSchema>;
const contentSchema = optional(z.object({ parts: optional(z.array(partSchema)) }));
/** What is read of an answer, and of each chunk of a stream. */
const responseSchema = z.object({
  modelVersion: optionalText,
  responseId: optionalText,
  promptFeedback: optional(z.object({ blockReason: optionalText })),
  candidates: z.array(z.object({ index: optional(z.int()), content: contentSchema, finishReason: optionalText })).nullish(),
  usageMetadata: optional(usageSchema),
});

/** What was read so far. */
interface GeminiAnswer {
  model: string;
  parts: Part[];
  finishReason: string | null;
  usage: ReportedUsage | null;
  alternatives: string[];
  readonly toolRequests: ToolRequest[];
}

const emptyAnswer = (model: string): GeminiAnswer => ({
  ...{ model, parts: [], finishReason: null, usage: null, alternatives: [] },
  toolRequests: [],
});

type Reading = Pick<ProviderCall, "model" | "progress" | keyof AnswerReader>;

/** @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE; the error that the body is. */
export function readGenerated(body: unknown, prompt: WirePrompt, call: Reading): ProviderCompletion {
  const answer = emptyAnswer(call.model);
  addChunk(answer, body, call, prompt);
  if (answer.finishReason === null && answer.parts.length === 0) throw invalidResponse("it has no candidate");
  return completionOf({ ...answer, finishReason: answer.finishReason ?? "STOP" });
}

/** @throws NocpError PROVIDER_UNAVAILABLE when the stream ends without a reason; what `readGenerated` throws. */
export async function readGeneratedStream(
  chunks: AsyncIterable<unknown>,
  prompt: WirePrompt,
  call: Reading,
): Promise<ProviderCompletion> {
  const answer = emptyAnswer(call.model);
  for await (const chunk of chunks) addChunk(answer, chunk, call, prompt);
  if (answer.finishReason === null) throw brokenStream();
  return completionOf(answer);
}

function addChunk(
  answer: GeminiAnswer,
  received: unknown,
  { onDelta, onReasoning, onToolCall, progress }: Reading,
  prompt: WirePrompt,
): void {
  throwReportedFailure(received);
  const chunk = parseResponse(responseSchema, received);
  answer.model = chunk.modelVersion || answer.model;
  answer.usage = reportedByGemini(chunk.usageMetadata) ?? answer.usage;
  if (progress) {
    Object.assign(progress, { answered: true, usage: answer.usage });
    noteIdentity(progress, { id: chunk.responseId, model: answer.model });
  }
  const blocked = chunk.promptFeedback?.blockReason;
  if (blocked) throw contentFiltered(blocked);
  for (const { index, content, finishReason } of chunk.candidates ?? []) {
    const parts = content?.parts ?? [];
    if (progress) progress.output += parts.map(writtenIn).join("");
    if (index) {
      answer.alternatives[index - 1] = (answer.alternatives[index - 1] ?? "") + parts.map(saidIn).join("");
      continue;
    }
    answer.finishReason = finishReason ?? answer.finishReason;
    answer.parts.push(...parts);
    for (const part of parts) {
      if (part.functionCall) {
        const request = toolRequestOf(part, answer.toolRequests.length, prompt);
        onToolCall?.(wholeCall(request, answer.toolRequests.length));
        answer.toolRequests.push(request);
      }
      if (!part.text) continue;
      if (part.thought) onReasoning?.({ item: 0, text: part.text });
      else onDelta?.(part.text);
    }
  }
}

const saidIn = ({ text, thought }: Part): string => (thought ? "" : (text ?? ""));
const thoughtIn = ({ text, thought }: Part): string => (thought ? (text ?? "") : "");
const writtenIn = ({ text, functionCall }: Part): string =>
  (text ?? "") + (functionCall ? `${functionCall.name ?? ""}${JSON.stringify(functionCall.args ?? {})}` : "");

const filtered = /SAFETY|BLOCKLIST|PROHIBITED|SPII|RECITATION/;
const malformed = /MALFORMED|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS/;

const toolRequestOf = (
  { functionCall, thoughtSignature }: Part,
  index: number,
  { messages, names }: WirePrompt,
): ToolRequest => ({
  id: functionCall?.id || nextToolRequestId(messages, index),
  name: names.fromVendor(functionCall?.name ?? ""),
  arguments: parseToolArguments(functionCall?.args),
  ...(thoughtSignature ? { signature: thoughtSignature } : {}),
});

function completionOf({ model, parts, finishReason, usage, alternatives, toolRequests }: GeminiAnswer): ProviderCompletion {
  const reason = finishReason ?? "";
  if (filtered.test(reason)) throw contentFiltered(reason);
  if (malformed.test(reason)) throw invalidResponse(`it ended with ${reason}`);
  const reasoning = parts.map(thoughtIn).join("").trim();
  const reasonOf = () => {
    if (toolRequests.length > 0) return "tool-calls";
    if (reason === "STOP") return "stop";
    return reason === "MAX_TOKENS" ? "length" : "unknown";
  };
  return {
    text: parts.map(saidIn).join(""),
    ...(reasoning === "" ? {} : { reasoning }),
    finishReason: reasonOf(),
    usage,
    model,
    toolRequests,
    ...(alternatives.length === 0 ? {} : { alternatives }),
  };
}

/** Gemini counts thoughts beside the answer; NOCP's output includes them. @returns `null` when nothing is said of tokens. */
function reportedByGemini(usage: z.infer<typeof usageSchema> | null | undefined): ReportedUsage | null {
  if (typeof usage?.promptTokenCount !== "number") return null;
  const reasoningTokens = usage.thoughtsTokenCount ?? 0;
  const inputTokens = usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0);
  const total = usage.totalTokenCount ?? null;
  const answerTokens = usage.candidatesTokenCount ?? (total === null ? null : Math.max(0, total - inputTokens - reasoningTokens));
  return {
    inputTokens,
    outputTokens: answerTokens === null ? null : answerTokens + reasoningTokens,
    cacheReadTokens: usage.cachedContentTokenCount ?? 0,
    cacheWriteTokens: 0,
    cacheWriteOneHourTokens: 0,
    reasoningTokens,
  };
}

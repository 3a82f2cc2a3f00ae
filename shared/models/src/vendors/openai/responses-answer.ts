// An answer of OpenAI's Responses API: the response object, whole or as the last event of a stream has it.
import type { ReasoningItem } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { optional, optionalText, tokenCount } from "../../answers/lenient.ts";
import { contentFiltered, invalidResponse, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { joinReasoning } from "../../answers/reasoning-text.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { splitThinking, type WrittenAnswer } from "../../answers/split-thinking.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { ProviderCompletion } from "../../provider.ts";
import { type CallProgress, noteIdentity, type ReportedUsage } from "../../reported-usage.ts";
import { responsesVendor } from "./reasoning-items.ts";
import { isCall, isSearchCall, readCall } from "./responses-tools.ts";

const usageSchema = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  total_tokens: tokenCount,
  input_tokens_details: optional(z.object({ cached_tokens: tokenCount, cache_write_tokens: tokenCount })),
  output_tokens_details: optional(z.object({ reasoning_tokens: tokenCount })),
});

const textPart = z.object({ type: optionalText, text: optionalText, refusal: optionalText });
/** One form for the items that are read; others have none of these fields, or fields of another meaning. */
export const itemSchema = z.looseObject({
  type: z.string(),
  content: optional(z.array(textPart)),
  summary: optional(z.array(textPart)),
  call_id: optionalText,
  name: optionalText,
  arguments: z.unknown().optional(),
  namespace: optionalText,
  input: z.unknown().optional(),
});
type Item = z.infer<typeof itemSchema>;

/** What is read of an answer; the rest may change as it likes. */
const responseSchema = z.object({
  id: optionalText,
  status: optionalText,
  model: optionalText,
  incomplete_details: optional(z.object({ reason: optionalText })),
  error: optional(z.object({ code: optionalText, message: optionalText })),
  output: z.array(itemSchema),
  usage: optional(usageSchema),
});
/** Read before the rest: it is billed whatever becomes of the answer. */
const billedSchema = responseSchema.extend({ output: optional(z.array(itemSchema)) });

/** Thrown for an answer that reports its own failure, in the form of the SDK's errors so that it is classified alike. */
const failedResponse = (error: z.infer<typeof responseSchema>["error"]): Error =>
  Object.assign(new Error(error?.message ?? "the response failed"), { code: error?.code ?? "server_error" });

/**
 * @param asked the model that was asked, for an answer that names none.
 * @param thinking how the text is taken apart, or was as it came; given what the server has shown of the reasoning itself.
 * @throws NocpError CONTENT_FILTERED, PROVIDER_INVALID_RESPONSE; the error that the response reports of itself.
 */
export function readResponse(
  body: unknown,
  names: ToolNames,
  asked: string,
  progress?: CallProgress,
  thinking: (shownApart: string) => Pick<WrittenAnswer, "isOpen" | "isShown"> = () => ({ isOpen: false, isShown: false }),
): ProviderCompletion {
  const billed = billedSchema.safeParse(body).data;
  if (billed && progress) noteProgress(progress, billed);
  if (billed?.status === "failed") throw failedResponse(billed.error);
  if (!billed?.output) throwReportedFailure(body);
  const { status, model, incomplete_details, output, usage } = parseResponse(responseSchema, body);
  const reason = incomplete_details?.reason;
  if (reason === "content_filter") throw contentFiltered(reason);
  if (status && status !== "completed" && status !== "incomplete") throw invalidResponse(`its status is ${status}`);

  const parts = output.filter(({ type }) => type === "message").flatMap(({ content }) => content ?? []);
  const apart = output.map(reasoningOf);
  const refusal = parts.map((part) => part.refusal ?? "").join("");
  const toolRequests = output
    .filter(({ type }) => isCall(type))
    .map((item) => toolRequestOf(item, names, status === "incomplete"));
  const finishReason = () => {
    if (toolRequests.length > 0) return "tool-calls";
    if (refusal !== "") return "content-filter";
    return status === "incomplete" ? "length" : "stop";
  };
  const isFinished = finishReason() === "stop";
  const { text, reasoning } = splitThinking(textOf(parts), { ...thinking(apart.join("")), isFinished });
  const thought = joinReasoning([...apart, reasoning]);
  const items = reasoningItemsOf(output);
  return {
    text: text === "" ? refusal : text,
    ...(thought === "" ? {} : { reasoning: thought }),
    ...(items.length === 0 ? {} : { reasoningItems: items }),
    finishReason: finishReason(),
    usage: reportedByResponses(usage),
    model: model || asked,
    toolRequests,
  };
}

function noteProgress(progress: CallProgress, { id, model, usage, output }: z.infer<typeof billedSchema>): void {
  progress.answered = true;
  noteIdentity(progress, { id, model });
  progress.usage = reportedByResponses(usage);
  if ((output ?? []).some(({ type }) => isSearchCall(type))) progress.hasUnknownCosts = true;
  const written = (output ?? []).map(
    (item) => `${reasoningOf(item)}${textOf(item.content)}${item.name ?? ""}${argumentsOf(item)}`,
  );
  progress.output = written.join("");
}

const textOf = (parts: Item["content"]): string => (parts ?? []).map((part) => part.text ?? "").join("");
const argumentsOf = ({ arguments: sent, input = sent }: Item): string => (typeof input === "string" ? input : "");

/** OpenAI shows a summary, open models show all of it. */
const reasoningOf = ({ type, summary, content }: Item): string =>
  type === "reasoning" ? textOf(content) || textOf(summary) : "";

/** What goes back to the vendor with the next turn. */
export const isReasoningItem = ({ type }: Item): boolean => type === "reasoning" || isSearchCall(type);

function reasoningItemsOf(output: readonly Item[]): ReasoningItem[] {
  const items: ReasoningItem[] = [];
  let textBefore = 0;
  for (const item of output) {
    if (item.type === "message") textBefore += textOf(item.content).length;
    const place = textBefore === 0 ? {} : { textBefore };
    if (isReasoningItem(item)) items.push({ vendor: responsesVendor, data: withoutNothing(item), ...place });
  }
  return items;
}

/** The item as it came, for the next turn. */
export const withoutNothing = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined && value !== null));

function toolRequestOf(item: Item, names: ToolNames, isCut: boolean) {
  const call = readCall(item);
  if (call === undefined) throw invalidResponse("a call of a tool has no name, or no id");
  return { id: call.id, name: names.fromVendor(call.name), arguments: parseToolArguments(call.sent, isCut) };
}

/** xAI counts reasoning beside the output here as in Chat Completions. @returns `null` when nothing is said of tokens. */
function reportedByResponses(usage: z.infer<typeof usageSchema> | null | undefined): ReportedUsage | null {
  if (!usage) return null;
  const inputTokens = usage.input_tokens ?? null;
  const reasoningTokens = usage.output_tokens_details?.reasoning_tokens ?? 0;
  const rest = typeof usage.total_tokens === "number" && inputTokens !== null ? usage.total_tokens - inputTokens : null;
  const output = usage.output_tokens ?? rest;
  if (inputTokens === null && output === null) return null;
  const isBeside = output !== null && reasoningTokens > 0 && rest === output + reasoningTokens;
  return {
    inputTokens,
    outputTokens: isBeside ? output + reasoningTokens : output,
    cacheReadTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    cacheWriteOneHourTokens: 0,
    reasoningTokens,
  };
}

// A result as a client of the Responses API expects it, whole.
import type { NocpResult } from "@nocp/contracts/result.ts";
import { answerUsage } from "../../answer-usage.ts";
import { answerPieces } from "../../answers/answer-pieces.ts";
import type { AnswerIdentity } from "../../server-api.ts";
import { responsesVendor } from "./reasoning-items.ts";
import { callItem, knownTools } from "./responses-tools.ts";

export type Json = Readonly<Record<string, unknown>>;

export const responseId = ({ requestId }: AnswerIdentity): string => `resp_${requestId}`;

/** Fields of a response that say what was asked, with what stands for those that were not sent. */
const askedFields: Json = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  user: null,
};

const asked = (body: Json): Json =>
  Object.fromEntries(Object.entries(askedFields).map(([name, usual]) => [name, body[name] ?? usual]));

function usageOf(result: NocpResult) {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = answerUsage(result);
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

export const responseOf = (body: Json, identity: AnswerIdentity, more: Json): Json => ({
  id: responseId(identity),
  object: "response",
  created_at: identity.createdAt,
  error: null,
  incomplete_details: null,
  ...asked(body),
  background: false,
  model: body.model,
  output: [],
  ...more,
});

/** @param number of the message within the answer. */
export const messageItem = (
  { requestId }: AnswerIdentity,
  number: number,
  content: readonly Json[],
  status = "completed",
): Json => ({
  id: number === 0 ? `msg_${requestId}` : `msg_${requestId}_${number}`,
  type: "message",
  status,
  role: "assistant",
  content,
});

export const textPart = (text: string): Json => ({ type: "output_text", text, annotations: [], logprobs: [] });

/** @param body of the call, which says what kind of tool each is. */
function callItems({ toolRequests = [] }: NocpResult, body: Json) {
  const known = knownTools(body.tools);
  return toolRequests.map((request) => callItem(request, known));
}

/** Messages and items of reasoning in their order. */
function answerItems(result: NocpResult, identity: AnswerIdentity): Json[] {
  const { answer, reasoningItems = [], finishReason, toolRequests = [] } = result;
  const own = reasoningItems.filter(({ vendor }) => vendor === responsesVendor);
  const messageOf = (text: string, number: number): Json =>
    messageItem(identity, number, [finishReason === "content-filter" ? { type: "refusal", refusal: text } : textPart(text)]);
  let messages = 0;
  const items = answerPieces({ answer, reasoningItems: own }).flatMap(({ text, reasoning }) => {
    if (reasoning === undefined) return [messageOf(text, messages++)];
    return reasoning.data === undefined ? [] : [reasoning.data];
  });
  return messages === 0 && toolRequests.length === 0 ? [...items, messageOf("", 0)] : items;
}

export function responsesAnswer(result: NocpResult, body: Json, identity: AnswerIdentity): Json {
  const isCut = result.finishReason === "length";
  return responseOf(body, identity, {
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    completed_at: Math.floor(result.completedAt / 1000),
    model: result.model ?? body.model,
    output: [...answerItems(result, identity), ...callItems(result, body)],
    usage: usageOf(result),
  });
}

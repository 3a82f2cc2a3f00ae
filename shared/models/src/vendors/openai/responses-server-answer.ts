// A result as a client of the Responses API expects it: whole, or as events.
import type { NocpResult } from "@nocp/contracts/result.ts";
import { answerUsage } from "../../answer-usage.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";
import { callItem, knownTools } from "./responses-tools.ts";

type Json = Readonly<Record<string, unknown>>;

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

const responseOf = (body: Json, identity: AnswerIdentity, more: Json): Json => ({
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

const reasoningItems = ({ reasoningItems: items = [] }: NocpResult): Json[] =>
  items.filter(({ vendor }) => vendor === "openai").map(({ data }) => data);

const messageItem = ({ requestId }: AnswerIdentity, content: readonly Json[], status = "completed"): Json => ({
  id: `msg_${requestId}`,
  type: "message",
  status,
  role: "assistant",
  content,
});

const textPart = (text: string): Json => ({ type: "output_text", text, annotations: [], logprobs: [] });

/** @param body of the call, which says what kind of tool each is. */
function callItems({ toolRequests = [] }: NocpResult, body: Json) {
  const known = knownTools(body.tools);
  return toolRequests.map((request) => callItem(request, known));
}

function messageItems(result: NocpResult, identity: AnswerIdentity): Json[] {
  const text = result.answer ?? "";
  if (text === "" && (result.toolRequests ?? []).length > 0) return [];
  const part = result.finishReason === "content-filter" ? { type: "refusal", refusal: text } : textPart(text);
  return [messageItem(identity, [part])];
}

export function responsesAnswer(result: NocpResult, body: Json, identity: AnswerIdentity): Json {
  const isCut = result.finishReason === "length";
  return responseOf(body, identity, {
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    completed_at: Math.floor(result.completedAt / 1000),
    model: result.model ?? body.model,
    output: [...reasoningItems(result), ...messageItems(result, identity), ...callItems(result, body)],
    usage: usageOf(result),
  });
}

/** Items follow one another. Reasoning that is known only after the text stands in the last event alone, where it belongs. */
export function responsesStream(body: Json, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  let sequence = 0;
  let index = -1;
  let text: string | undefined;

  const event = (type: string, fields: Json): ServerEvent => ({
    event: type,
    data: { type, sequence_number: sequence++, ...fields },
  });
  const begin = (): ServerEvent[] => {
    if (hasBegun) return [];
    hasBegun = true;
    const response = responseOf(body, identity, { status: "in_progress" });
    return [event("response.created", { response }), event("response.in_progress", { response })];
  };
  const added = (item: Json): ServerEvent => event("response.output_item.added", { output_index: ++index, item });
  const done = (item: Json): ServerEvent => event("response.output_item.done", { output_index: index, item });
  const place = () => ({ item_id: `msg_${identity.requestId}`, output_index: index, content_index: 0 });
  const write = (piece: string): ServerEvent[] => {
    if (piece === "") return [];
    const opening =
      text === undefined
        ? [
            added(messageItem(identity, [], "in_progress")),
            event("response.content_part.added", { ...place(), part: textPart("") }),
          ]
        : [];
    text = (text ?? "") + piece;
    return [...opening, event("response.output_text.delta", { ...place(), delta: piece, logprobs: [] })];
  };
  const closeText = (): ServerEvent[] =>
    text === undefined
      ? []
      : [
          event("response.output_text.done", { ...place(), text, logprobs: [] }),
          event("response.content_part.done", { ...place(), part: textPart(text) }),
          done(messageItem(identity, [textPart(text)])),
        ];
  const call = (item: ReturnType<typeof callItem>): ServerEvent[] => {
    const [field, text, kind] =
      item.type === "function_call"
        ? (["arguments", item.arguments, "function_call_arguments"] as const)
        : (["input", item.input, "custom_tool_call_input"] as const);
    const opening = added({ ...item, status: "in_progress", [field]: "" });
    const where = { item_id: item.id, output_index: index };
    const whole = item.type === "function_call" ? { name: item.name } : {};
    return [
      opening,
      event(`response.${kind}.delta`, { ...where, delta: text }),
      event(`response.${kind}.done`, { ...where, ...whole, [field]: text }),
      done(item),
    ];
  };
  return {
    text: (piece) => (piece === "" ? [] : [...begin(), ...write(piece)]),
    end(result, rest) {
      const events = begin();
      if (index < 0) for (const item of reasoningItems(result)) events.push(added(item), done(item));
      events.push(...write(rest), ...closeText());
      for (const item of callItems(result, body)) events.push(...call(item));
      const response = responsesAnswer(result, body, identity);
      return [...events, event(response.status === "incomplete" ? "response.incomplete" : "response.completed", { response })];
    },
  };
}

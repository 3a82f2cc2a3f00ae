// Conversations of the Responses API: a call may name the response that it follows, and NOCP knows what was said until then.
import type { Conversation, StoredAnswer } from "../../server-api.ts";
import { InvalidField } from "../../server-api.ts";

type Json = Readonly<Record<string, unknown>>;

const itemsOf = (input: unknown): unknown[] =>
  typeof input === "string" ? [{ type: "message", role: "user", content: input }] : Array.isArray(input) ? input : [];

/** Ids that NOCP gave mean nothing to a vendor; those of reasoning are its own. */
function withoutOwnId(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const { id, status: _status, ...rest } = item as Json;
  return rest.type === "reasoning" ? { ...rest, ...(id === undefined ? {} : { id }) } : rest;
}

export const responsesConversation: Conversation = {
  idPattern: /^resp_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  previousId(body) {
    const { previous_response_id: id } = body;
    if (id === undefined || id === null) return undefined;
    if (typeof id === "string") return id;
    throw new InvalidField("previous_response_id", "must be the id of a response");
  },
  missing: (id) =>
    new InvalidField("previous_response_id", `there is no response ${id}; NOCP keeps responses for messaging.recordTtlMs`),
  /** Instructions of earlier calls are not part of it: OpenAI's clients send them each time. */
  after: (body: Json, { input, answer }: StoredAnswer) => ({
    ...body,
    input: [...input, ...itemsOf(answer.output).map(withoutOwnId), ...itemsOf(body.input)],
  }),
  keep: (body, answer) => (body.store === false ? undefined : { input: itemsOf(body.input), answer }),
};

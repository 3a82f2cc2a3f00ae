// A result as a client of the Responses API gets it piece by piece: items follow one another, each from its beginning to its end.
import type { AnswerPiece, ReasoningPiece } from "@nocp/contracts/delta.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";
import type { ReasoningKind } from "./reasoning-items.ts";
import { callItems, type Json, messageItem, responseOf, responsesAnswer, textPart } from "./responses-server-answer.ts";

export function responsesStream(body: Json, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  let sequence = 0;
  const event: WriteEvent = (type, fields) => ({ event: type, data: { type, sequence_number: sequence++, ...fields } });
  const items = createItemEvents(identity, event);

  const begin = (): ServerEvent[] => {
    if (hasBegun) return [];
    hasBegun = true;
    const response = responseOf(body, identity, { status: "in_progress" });
    return [event("response.created", { response }), event("response.in_progress", { response })];
  };
  return {
    write: (piece) => [...begin(), ...items.write(piece)],
    end(result, rest) {
      const events = begin();
      for (const piece of rest) events.push(...items.write(piece));
      events.push(...items.close());
      for (const item of callItems(result, body)) events.push(...items.call(item));
      const response = responsesAnswer(result, body, identity);
      return [...events, event(response.status === "incomplete" ? "response.incomplete" : "response.completed", { response })];
    },
  };
}

type WriteEvent = (type: string, fields: Json) => ServerEvent;

interface OpenMessage {
  readonly kind: "message";
  readonly number: number;
  text: string;
}
interface OpenReasoning {
  readonly kind: "reasoning";
  readonly id: string;
  part: { readonly kind: ReasoningKind; readonly index: number; text: string } | undefined;
}

function createItemEvents(identity: AnswerIdentity, event: WriteEvent) {
  let index = -1;
  let messages = 0;
  let open: OpenMessage | OpenReasoning | undefined;

  const added = (item: Json): ServerEvent => event("response.output_item.added", { output_index: ++index, item });
  const done = (item: Json): ServerEvent => event("response.output_item.done", { output_index: index, item });

  const closeMessage = ({ number, text }: OpenMessage): ServerEvent[] => {
    const item = messageItem(identity, number, [textPart(text)]);
    const place = { item_id: item.id, output_index: index, content_index: 0 };
    return [
      event("response.output_text.done", { ...place, text, logprobs: [] }),
      event("response.content_part.done", { ...place, part: textPart(text) }),
      done(item),
    ];
  };
  /** An item without its end has been given up: it is as it was told. */
  const close = (): ServerEvent[] => {
    const last = open;
    open = undefined;
    if (last === undefined) return [];
    return last.kind === "message"
      ? closeMessage(last)
      : [...reasoningPartEvents(last, index, event).done(), done(begunReasoning(last.id))];
  };
  const say = (text: string): ServerEvent[] => {
    if (text === "") return [];
    const events: ServerEvent[] = [];
    if (open?.kind !== "message") {
      events.push(...close());
      open = { kind: "message", number: messages++, text: "" };
      const item = messageItem(identity, open.number, [], "in_progress");
      events.push(added(item));
      const place = { item_id: item.id, output_index: index, content_index: 0 };
      events.push(event("response.content_part.added", { ...place, part: textPart("") }));
    }
    open.text += text;
    const { id } = messageItem(identity, open.number, []);
    const place = { item_id: id, output_index: index, content_index: 0 };
    events.push(event("response.output_text.delta", { ...place, delta: text, logprobs: [] }));
    return events;
  };
  const think = ({ id, item, part, text, data }: ReasoningPiece): ServerEvent[] => {
    if (data !== undefined && data.type !== "reasoning") return [...close(), added(data), done(data)];
    const events: ServerEvent[] = [];
    if (open?.kind !== "reasoning" || (id !== undefined && open.id !== id)) {
      events.push(...close());
      open = { kind: "reasoning", id: id ?? `rs_${identity.requestId}_${item}`, part: undefined };
      events.push(added(begunReasoning(open.id)));
    }
    const parts = reasoningPartEvents(open, index, event);
    if (part !== undefined && text !== "") events.push(...parts.write(part, text));
    if (data === undefined) return events;
    events.push(...parts.done(), done(data));
    open = undefined;
    return events;
  };
  return {
    write: ({ text, reasoning }: AnswerPiece): ServerEvent[] => (reasoning === undefined ? say(text) : think(reasoning)),
    close,
    call(item: ReturnType<typeof callItems>[number]): ServerEvent[] {
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
    },
  };
}

const begunReasoning = (id: string): Json => ({ id, type: "reasoning", summary: [] });

/** A summary has parts of its own; what open models show of their reasoning are parts of the item's content. */
const partForms = {
  summary: { part: "reasoning_summary_part", text: "reasoning_summary_text", type: "summary_text", index: "summary_index" },
  content: { part: "content_part", text: "reasoning_text", type: "reasoning_text", index: "content_index" },
} as const;

function reasoningPartEvents(item: OpenReasoning, output_index: number, event: WriteEvent) {
  const { id } = item;
  const done = (): ServerEvent[] => {
    if (item.part === undefined) return [];
    const { kind, index, text } = item.part;
    const form = partForms[kind];
    const place = { item_id: id, output_index, [form.index]: index };
    item.part = undefined;
    return [
      event(`response.${form.text}.done`, { ...place, text }),
      event(`response.${form.part}.done`, { ...place, part: { type: form.type, text } }),
    ];
  };
  return {
    done,
    write({ kind, index }: NonNullable<ReasoningPiece["part"]>, text: string): ServerEvent[] {
      const known: ReasoningKind = kind === "content" ? "content" : "summary";
      const form = partForms[known];
      const place = { item_id: id, output_index, [form.index]: index };
      const events: ServerEvent[] = [];
      if (item.part?.kind !== known || item.part.index !== index) {
        events.push(...done());
        item.part = { kind: known, index, text: "" };
        events.push(event(`response.${form.part}.added`, { ...place, part: { type: form.type, text: "" } }));
      }
      item.part.text += text;
      events.push(event(`response.${form.text}.delta`, { ...place, delta: text }));
      return events;
    },
  };
}

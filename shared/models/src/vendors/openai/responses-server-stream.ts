// A result as a client of the Responses API gets it piece by piece: items follow one another, each from its beginning to its end.
import type { AnswerPiece, ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { AnswerIdentity, AnswerStream, ServerEvent } from "../../server-api.ts";
import { createFreeTextReader, type FreeTextReader } from "./free-text-reader.ts";
import type { ReasoningKind } from "./reasoning-items.ts";
import { type Json, messageItem, responseOf, responsesAnswer, textPart } from "./responses-server-answer.ts";
import { isFreeTextTool, itemOfCall, knownTools } from "./responses-tools.ts";

export function responsesStream(body: Json, identity: AnswerIdentity): AnswerStream {
  let hasBegun = false;
  let sequence = 0;
  const event: WriteEvent = (type, fields) => ({ event: type, data: { type, sequence_number: sequence++, ...fields } });
  const items = createItemEvents(body, identity, event);

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
interface OpenCall {
  readonly kind: "call";
  readonly piece: ToolCallPiece;
  /** The JSON of its arguments. */
  text: string;
  readonly freeText: FreeTextReader | undefined;
}

function createItemEvents(body: Json, identity: AnswerIdentity, event: WriteEvent) {
  let index = -1;
  let messages = 0;
  let open: OpenMessage | OpenReasoning | OpenCall | undefined;
  const known = knownTools(body.tools);

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
    if (last.kind === "call") {
      const { events, item } = callEvents(last, index, known, event).end();
      return [...events, done(item)];
    }
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
  const call = (piece: ToolCallPiece): ServerEvent[] => {
    const events: ServerEvent[] = [];
    if (open?.kind !== "call" || open.piece.call !== piece.call) {
      events.push(...close());
      open = { kind: "call", piece, text: "", freeText: isFreeTextTool(piece.name, known) ? createFreeTextReader() : undefined };
      events.push(added({ ...itemOfCall(piece, "", known), status: "in_progress" }));
    }
    return [...events, ...callEvents(open, index, known, event).write(piece.text)];
  };
  return {
    write({ text, reasoning, toolCall }: AnswerPiece): ServerEvent[] {
      if (toolCall !== undefined) return call(toolCall);
      return reasoning === undefined ? say(text) : think(reasoning);
    },
    close,
  };
}

function callEvents(open: OpenCall, output_index: number, known: ReturnType<typeof knownTools>, event: WriteEvent) {
  const { piece, freeText } = open;
  const [field, kind] = freeText
    ? (["input", "custom_tool_call_input"] as const)
    : (["arguments", "function_call_arguments"] as const);
  const place = { item_id: itemOfCall(piece, "", known).id, output_index };
  const told = (delta: string): ServerEvent[] => (delta === "" ? [] : [event(`response.${kind}.delta`, { ...place, delta })]);
  return {
    write(json: string): ServerEvent[] {
      open.text += json;
      return told(freeText?.push(json) ?? json);
    },
    end() {
      const { text, rest } = freeText?.end() ?? { text: open.text, rest: "" };
      const item = itemOfCall(piece, text, known);
      const named = freeText ? {} : { name: item.name };
      return { item, events: [...told(rest), event(`response.${kind}.done`, { ...place, ...named, [field]: text })] };
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

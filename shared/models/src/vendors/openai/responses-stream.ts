// A streamed answer of OpenAI's Responses API: its last event has the whole response.
import { z } from "zod";
import { optional, optionalText } from "../../answers/lenient.ts";
import { brokenStream } from "../../answers/read-answer.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { createToolCallShow } from "../../answers/show-tool-calls.ts";
import { createThinkingSplitter, type ThinkingSplitter } from "../../answers/split-thinking.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { AnswerReader, ProviderCall, ProviderCompletion } from "../../provider.ts";
import { argumentsText, isOpenBehind } from "./chat-answer.ts";
import { type ReasoningKind, responsesVendor } from "./reasoning-items.ts";
import { isReasoningItem, itemSchema, readResponse, withoutNothing } from "./responses-answer.ts";
import { freeTextArguments, isFreeTextCall, readCall } from "./responses-tools.ts";

const index = optional(z.int().nonnegative());
const eventSchema = z.object({
  type: optionalText,
  delta: z.unknown().optional(),
  response: z.unknown().optional(),
  item: optional(itemSchema),
  summary_index: index,
  content_index: index,
  output_index: index,
});
type Event = z.infer<typeof eventSchema>;

const lastEvents = new Set(["response.completed", "response.incomplete", "response.failed"]);
/** Deltas of what the model writes: text, refusal, reasoning, arguments. */
const written =
  /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text|function_call_arguments|custom_tool_call_input)\.delta$/;

/** Billed also where the stream breaks off after it. */
const isSearchEvent = /^response\.web_search_call\./;

/**
 * @param opensThinking whether the model's chat template opens the reasoning.
 * @throws NocpError PROVIDER_UNAVAILABLE when the stream ends before its last event; the error that an event is.
 */
export async function readResponsesStream(
  events: AsyncIterable<unknown>,
  names: ToolNames,
  call: Pick<ProviderCall, "model" | "progress" | keyof AnswerReader>,
  opensThinking: boolean = false,
): Promise<ProviderCompletion> {
  const { model, progress } = call;
  const show = createItemShow(call, opensThinking);
  const calls = createCallShow(call, names);
  for await (const received of events) {
    const event = eventSchema.safeParse(received).data ?? {};
    const { type, delta, response } = event;
    if (type && lastEvents.has(type)) {
      const isOpen = show.isOpen();
      const completion = readResponse(response, names, model, progress, () => ({ isOpen, isShown: call.isShown ?? false }));
      show.end(completion.finishReason === "stop");
      return completion;
    }
    throwReportedFailure(received);
    if (progress) progress.answered = true;
    if (progress && type && isSearchEvent.test(type)) progress.hasUnknownCosts = true;
    if (progress && typeof delta === "string" && type && written.test(type)) progress.output += delta;
    show.event(event);
    calls(event);
  }
  throw brokenStream();
}

/** Shows texts as they come, and items that go back to the vendor from their beginning to their end. */
function createItemShow({ onDelta, onReasoning }: AnswerReader, opensThinking: boolean) {
  let items = 0;
  /** The item that is written; undefined between two. */
  let open: { vendor: string; item: number; id?: string } | undefined;
  let tagged: number | undefined;
  let splitter: ThinkingSplitter | undefined;
  let apart = "";
  let hasText = false;
  let isOpen = false;
  const begin = (id?: string | null) => {
    if (open === undefined) {
      open = { vendor: responsesVendor, item: items++, ...(id ? { id } : {}) };
      onReasoning?.({ ...open, text: "" });
    }
    return open;
  };
  /** When the text begins, it is known whether the server keeps reasoning apart. */
  const beginText = (): ThinkingSplitter => {
    isOpen = isOpenBehind(apart, opensThinking);
    return createThinkingSplitter((text) => {
      tagged ??= items++;
      onReasoning?.({ item: tagged, text });
    }, isOpen);
  };
  const say = (text: string): void => {
    if (text !== "") onDelta?.(text);
  };
  const think = (kind: ReasoningKind, partIndex: number | null | undefined, text: string): void => {
    apart += text;
    onReasoning?.({ ...begin(), part: { kind, index: partIndex ?? 0 }, text });
  };
  return {
    isOpen: () => isOpen,
    event({ type, delta, item, summary_index, content_index }: Event): void {
      if (type === "response.output_item.added" && item?.type === "reasoning") begin(idOf(item));
      if (type === "response.output_item.done" && item && isReasoningItem(item)) {
        const place = item.type === "reasoning" ? begin(idOf(item)) : searchPlace(idOf(item), items++);
        onReasoning?.({ ...place, text: "", data: withoutNothing(item) });
        open = undefined;
      }
      if (typeof delta !== "string" || delta === "") return;
      if (type === "response.reasoning_summary_text.delta") think("summary", summary_index, delta);
      if (type === "response.reasoning_text.delta") think("content", content_index, delta);
      if (type === "response.output_text.delta") {
        hasText = true;
        splitter ??= beginText();
        say(splitter.push(delta));
      }
      // A refusal is the text of an answer that has none.
      if (type === "response.refusal.delta" && !hasText) say(delta);
    },
    end: (isFinished: boolean) => say(splitter?.end(isFinished) ?? ""),
  };
}

/** Shows calls of tools as they come; the free text of one is the argument of a function. */
function createCallShow({ onToolCall }: AnswerReader, names: ToolNames): (event: Event) => void {
  const show = createToolCallShow(onToolCall);
  /** Numbers of calls, by those of their items. */
  const numbers = new Map<number, number>();
  /** Calls whose arguments came in pieces; servers may mix those of several. */
  const told = new Set<number>();
  return ({ type, delta, item, output_index }) => {
    const at = output_index ?? -1;
    const call = item && type === "response.output_item.added" ? readCall(item) : undefined;
    if (call !== undefined && item !== undefined && !numbers.has(at)) {
      show.begin(numbers.size, { id: call.id, name: names.fromVendor(call.name) });
      numbers.set(at, numbers.size);
    }
    const number = numbers.get(at);
    if (number === undefined) return;
    if (type === "response.output_item.done" && item) {
      if (!told.has(number)) show.add(number, argumentsText(readCall(item)?.sent));
      else if (isFreeTextCall(item)) show.add(number, freeTextArguments.after);
      show.end(number);
    }
    if (typeof delta !== "string") return;
    const isFreeText = type === "response.custom_tool_call_input.delta";
    if (!isFreeText && type !== "response.function_call_arguments.delta") return;
    if (isFreeText && !told.has(number)) show.add(number, freeTextArguments.before);
    show.add(number, isFreeText ? freeTextArguments.within(delta) : delta);
    told.add(number);
  };
}

const idOf = ({ id }: z.infer<typeof itemSchema>): string | undefined => (typeof id === "string" ? id : undefined);

const searchPlace = (id: string | undefined, item: number) => ({ vendor: responsesVendor, item, ...(id ? { id } : {}) });

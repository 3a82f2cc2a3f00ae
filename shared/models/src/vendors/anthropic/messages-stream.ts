// A streamed answer of Anthropic's Messages API, put together to the message that it stands for.
import { z } from "zod";
import { optional, optionalText } from "../../answers/lenient.ts";
import { brokenStream } from "../../answers/read-answer.ts";
import { throwReportedFailure } from "../../answers/reported-failure.ts";
import { createToolCallShow } from "../../answers/show-tool-calls.ts";
import type { ToolNames } from "../../prompts/tool-names.ts";
import type { AnswerReader, ProviderCall } from "../../provider.ts";
import { noteIdentity } from "../../reported-usage.ts";
import { blockSchema, type Message, reportedByMessages, usageSchema, withoutNothing } from "./messages-answer.ts";
import { isReasoningBlock, messagesVendor } from "./reasoning-items.ts";

const index = z.int().nonnegative().catch(0);
/** One form for all events: each has some of these fields. */
const eventSchema = z.object({
  type: optionalText,
  index,
  message: optional(z.object({ id: optionalText, model: optionalText, usage: optional(usageSchema) })),
  content_block: optional(blockSchema),
  delta: optional(
    z.object({
      type: optionalText,
      text: optionalText,
      thinking: optionalText,
      signature: optionalText,
      partial_json: optionalText,
      stop_reason: optionalText,
      stop_sequence: optionalText,
    }),
  ),
  usage: optional(usageSchema),
});
type Event = z.infer<typeof eventSchema>;

/** A message while it is put together. */
interface PartialMessage extends Message {
  content: Message["content"];
  /** Texts of the arguments of tools, by the number of their block. */
  readonly inputs: Map<number, string>;
}

/** @throws NocpError PROVIDER_UNAVAILABLE when the stream ends without a reason; the error that an event is. */
export async function readMessagesStream(
  events: AsyncIterable<unknown>,
  { progress, ...shown }: Pick<ProviderCall, "progress" | keyof AnswerReader>,
  names: ToolNames,
): Promise<Message> {
  const none = { id: null, model: null, stop_reason: null, stop_sequence: null, usage: null };
  const message: PartialMessage = { ...none, content: [], inputs: new Map() };
  const show = createBlockShow(message.content, shown, names);
  for await (const received of events) {
    throwReportedFailure(received);
    const event = eventSchema.safeParse(received).data;
    if (!event) continue;
    const written = addEvent(message, event);
    show(event);
    if (!progress) continue;
    progress.answered = true;
    progress.output += written;
    progress.usage = reportedByMessages(message.usage);
    noteIdentity(progress, message);
  }
  if (message.stop_reason === null) throw brokenStream();
  const { inputs, content, ...rest } = message;
  const blocks = content.map((block, at) => (inputs.has(at) ? { ...block, input: inputs.get(at) } : block));
  return { ...rest, content: blocks.filter(Boolean) };
}

/** Shows text, thinking and calls as they come, and a block of thinking, which is signed at its end, when it is complete. */
function createBlockShow(
  content: Message["content"],
  { onDelta, onReasoning, onToolCall }: AnswerReader,
  names: ToolNames,
): (event: Event) => void {
  let items = 0;
  const calls = createToolCallShow(onToolCall);
  /** Numbers of calls, by those of their blocks. */
  const numbers = new Map<number, number>();
  /** Calls whose arguments came in pieces; servers may mix those of several. */
  const told = new Set<number>();
  const showCall = ({ type, index: at, content_block: begun, delta }: Event): void => {
    if (type === "content_block_start" && begun?.id && begun.name) {
      calls.begin(numbers.size, { id: begun.id, name: names.fromVendor(begun.name) });
      numbers.set(at, numbers.size);
    }
    const number = numbers.get(at);
    if (number === undefined) return;
    if (typeof delta?.partial_json === "string") {
      calls.add(number, delta.partial_json);
      told.add(number);
    }
    if (type !== "content_block_stop") return;
    // Some servers write them at once, when the block begins.
    if (!told.has(number)) calls.add(number, JSON.stringify(content[at]?.input ?? {}));
    calls.end(number);
  };
  return (event) => {
    const { type, index: at, content_block: begun, delta } = event;
    const block = content[at];
    if (block?.type === "tool_use") showCall(event);
    const written = type === "content_block_start" ? begun : type === "content_block_delta" ? delta : undefined;
    if (written?.text && block?.type === "text") onDelta?.(written.text);
    if (block === undefined || !isReasoningBlock(block.type)) return;
    const place = { vendor: messagesVendor, item: items, text: "" };
    if (written?.thinking) onReasoning?.({ ...place, text: written.thinking });
    if (type !== "content_block_stop") return;
    onReasoning?.({ ...place, data: withoutNothing(block) });
    items += 1;
  };
}

/** @returns what the model wrote in it. */
function addEvent(message: PartialMessage, { type, index: at, message: started, content_block, delta, usage }: Event): string {
  switch (type) {
    case "message_start":
      message.id = started?.id ?? null;
      message.model = started?.model ?? null;
      message.usage = started?.usage ?? null;
      return "";
    case "content_block_start":
      if (content_block) message.content[at] = content_block;
      return content_block?.name ?? "";
    case "content_block_delta":
      return addDelta(message, at, delta);
    case "message_delta":
      message.stop_reason = delta?.stop_reason ?? message.stop_reason;
      message.stop_sequence = delta?.stop_sequence ?? message.stop_sequence;
      // Its counts are totals, and later than those of the start; absent ones stand.
      message.usage = { ...message.usage, ...withoutNulls(usage) } as Message["usage"];
      return "";
    default:
      return "";
  }
}

function addDelta({ content, inputs }: PartialMessage, at: number, delta: Event["delta"]): string {
  content[at] ??= { type: "text", text: "", thinking: null, id: null, name: null, input: undefined };
  const block = content[at];
  if (delta?.text) block.text = (block.text ?? "") + delta.text;
  if (delta?.thinking) block.thinking = (block.thinking ?? "") + delta.thinking;
  if (delta?.signature) block.signature = `${block.signature ?? ""}${delta.signature}`;
  if (typeof delta?.partial_json === "string") inputs.set(at, (inputs.get(at) ?? "") + delta.partial_json);
  return (delta?.text ?? "") + (delta?.thinking ?? "") + (delta?.partial_json ?? "");
}

const withoutNulls = (usage: Event["usage"]) =>
  Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null && value !== undefined));

// The texts of a conversation that may be compressed, and the same conversation with other texts in their places.
import { retrieveToolName } from "@nocp/contracts/reference-line.ts";
import { rewriteToolResults } from "@nocp/models/native-tool-results.ts";
import type { RewriteText } from "@nocp/models/rewrite-text.ts";
import type { CompressedMessage } from "./compress-body.ts";

/** Where a text stands. */
export interface TextPlace {
  /** Position of its message. */
  readonly at: number;
  /** The tool that returned it; undefined for a message of the user. */
  readonly tool: string | undefined;
}

export interface CompressibleRange {
  /** The first message that may be changed, and the first after them that may not. */
  readonly start: number;
  readonly end: number;
  readonly userMessages: boolean;
}

/** What headroom's clients call the tool that fetches removed text. */
export const headroomRetrieveTool = "headroom_retrieve";

/**
 * Results of tools, and on request messages of the user but for the last one. Instructions and what the model wrote stay.
 * @param rewrite is called once for each text, in order.
 */
export function rewriteMessages(
  messages: readonly CompressedMessage[],
  { start, end, userMessages }: CompressibleRange,
  rewrite: (text: string, place: TextPlace) => string,
): CompressedMessage[] {
  const toolOf = namesOfCalls(messages);
  const lastQuestion = messages.findLastIndex(isQuestion);
  return messages.map((message, at) => {
    if (at < start || at >= end) return message;
    const isUsers = userMessages && at !== lastQuestion && isQuestion(message);
    if (isUsers) return withTexts(message, (text) => rewrite(text, { at, tool: undefined }));
    return withToolTexts(message, (id) => {
      const tool = toolOf.get(id) ?? "tool";
      // What was asked for in full would only be asked for again.
      return isRetrieval(tool) ? (text) => text : (text) => rewrite(text, { at, tool });
    });
  });
}

const isRetrieval = (tool: string): boolean =>
  tool === retrieveToolName || tool === retrieveToolName.replace(".", "_") || tool.endsWith(headroomRetrieveTool);

/** Of the user, and not only to hand back results. */
export const isQuestion = ({ role, content }: CompressedMessage): boolean =>
  role === "user" && (typeof content === "string" || blocksOf(content).some(({ type }) => type === "text"));

/** The text of a message, as far as it is text. */
export function textOfMessage({ content, output, ...rest }: CompressedMessage): string {
  const held = content ?? output;
  const own = typeof held === "string" ? [held] : blocksOf(held).map(textOfBlock);
  const calls = [rest.tool_calls, rest.arguments].filter((value) => value !== undefined).map((value) => JSON.stringify(value));
  return [...own, ...calls].join("\n");
}

function textOfBlock(block: CompressedMessage): string {
  if (typeof block.text === "string") return block.text;
  if (block.type === "tool_result") return textOfMessage(block);
  return block.type === "tool_use" ? JSON.stringify(block.input) : "";
}

function withTexts(message: CompressedMessage, rewrite: RewriteText): CompressedMessage {
  const { content } = message;
  if (typeof content === "string") return { ...message, content: rewrite(content) };
  return {
    ...message,
    content: blocksOf(content).map((block) =>
      block.type === "text" && typeof block.text === "string" ? { ...block, text: rewrite(block.text) } : block,
    ),
  };
}

/** In any of the three vendors' forms. @param rewriteFor the result of the call with this id. */
function withToolTexts(message: CompressedMessage, rewriteFor: (callId: string) => RewriteText): CompressedMessage {
  if (message.type === "function_call_output")
    return only("openai-responses", "input", message, rewriteFor(text(message.call_id)));
  if (message.role === "tool") return only("openai-chat", "messages", message, rewriteFor(text(message.tool_call_id)));
  if (!Array.isArray(message.content) || !blocksOf(message.content).some(({ type }) => type === "tool_result")) return message;
  const content = message.content.flatMap((block: CompressedMessage) => {
    const alone = { ...message, content: [block] };
    return only("anthropic-messages", "messages", alone, rewriteFor(text(block.tool_use_id))).content;
  });
  return { ...message, content };
}

/** One message, through what rewrites those of a whole request. */
function only(
  api: Parameters<typeof rewriteToolResults>[0]["api"],
  field: "messages" | "input",
  message: CompressedMessage,
  rewrite: RewriteText,
): CompressedMessage {
  const { body } = rewriteToolResults({ api, body: { [field]: [message] }, whole: true, untranslated: [] }, rewrite);
  return (body[field] as readonly CompressedMessage[])[0] ?? message;
}

/** Call id → name of the tool, in any of the three forms. */
function namesOfCalls(messages: readonly CompressedMessage[]): Map<string, string> {
  const names = new Map<string, string>();
  const learn = (id: unknown, name: unknown) => {
    if (typeof id === "string" && typeof name === "string" && name !== "") names.set(id, name);
  };
  for (const { content, tool_calls: calls, ...item } of messages) {
    for (const call of blocksOf(calls)) learn(call.id, (call.function as CompressedMessage | undefined)?.name);
    for (const block of blocksOf(content)) if (block.type === "tool_use") learn(block.id, block.name);
    if (item.type === "function_call") learn(item.call_id, item.name);
  }
  return names;
}

const isObject = (value: unknown): value is CompressedMessage =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const blocksOf = (value: unknown): readonly CompressedMessage[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

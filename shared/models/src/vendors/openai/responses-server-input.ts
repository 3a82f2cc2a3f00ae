// The input of a request of the Responses API as NOCP's messages: items of one turn of the model become one message.
import type { ContentPart, ReasoningItem, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ConversationMessage } from "@nocp/contracts/request.ts";
import { z } from "zod";
import { sentArguments } from "../../sent-arguments.ts";
import { InvalidField } from "../../server-api.ts";
import { isCall, isSearchCall, readCall } from "./responses-tools.ts";
import { dataOf, webAddress } from "./server-content.ts";

const part = z.looseObject({ type: z.string() });
type Part = z.infer<typeof part>;
export const inputSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string().optional(), role: z.string().optional() })),
]);
type Item = Exclude<z.infer<typeof inputSchema>, string>[number];

interface Turn {
  text: string;
  readonly toolRequests: ToolRequest[];
  readonly reasoning: ReasoningItem[];
}

/** @throws InvalidField for an item that NOCP cannot hand on. */
export function messagesOfInput(input: z.infer<typeof inputSchema>): ConversationMessage[] {
  if (typeof input === "string") return [{ role: "user", text: input }];
  const messages: ConversationMessage[] = [];
  let turn: Turn | undefined;
  const ofTurn = (): Turn => {
    turn ??= { text: "", toolRequests: [], reasoning: [] };
    return turn;
  };
  const closeTurn = (): void => {
    if (turn) messages.push(assistantMessage(turn));
    turn = undefined;
  };
  for (const [at, item] of input.entries()) {
    const where = `input[${at}]`;
    const kind = item.type ?? "message";
    if (kind === "reasoning") {
      // What was said before it belongs to an earlier turn.
      if (turn && (turn.text !== "" || turn.toolRequests.length > 0)) closeTurn();
      ofTurn().reasoning.push({ vendor: "openai", data: item });
    } else if (isSearchCall(kind)) ofTurn().reasoning.push({ vendor: "openai", data: item });
    else if (isCall(kind)) ofTurn().toolRequests.push(toolRequest(item, where));
    else if (kind === "message" && item.role === "assistant") {
      if (turn && (turn.text !== "" || turn.toolRequests.length > 0)) closeTurn();
      ofTurn().text = textOf(item.content, `${where}.content`);
    } else {
      closeTurn();
      messages.push(...(kind === "message" ? [message(item, where)] : toolResult(item, kind, where)));
    }
  }
  closeTurn();
  return messages;
}

const assistantMessage = ({ text, toolRequests, reasoning }: Turn): ConversationMessage => ({
  role: "assistant",
  text,
  ...(toolRequests.length === 0 ? {} : { toolRequests }),
  ...(reasoning.length === 0 ? {} : { reasoning }),
});

function toolRequest(item: Item, where: string): ToolRequest {
  const read = readCall(item);
  if (read === undefined || (item.type === "function_call" && typeof read.sent !== "string"))
    throw new InvalidField(where, "needs call_id, name and arguments, or the input of a custom tool");
  const { id, name, sent } = read;
  return { id, name, arguments: typeof sent === "string" ? sentArguments(sent) : (sent as ToolRequest["arguments"]) };
}

/** A result of NOCP's is a text: what it shows comes right after it. */
function toolResult(item: Item, kind: string, where: string): ConversationMessage[] {
  if (kind !== "function_call_output" && kind !== "custom_tool_call_output")
    throw new InvalidField(`${where}.type`, `NOCP does not support items of the type ${kind}`);
  if (typeof item.call_id !== "string" || item.call_id === "") throw new InvalidField(`${where}.call_id`, "is missing");
  const result = { role: "tool" as const, toolRequestId: item.call_id };
  if (typeof item.output === "string") return [{ ...result, text: item.output }];
  const parts = partsIn(item.output, `${where}.output`).map((one, at) => contentPart(one, `${where}.output[${at}]`));
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const shown = parts.filter(({ type }) => type !== "text");
  return [
    { ...result, text: texts.join("\n") },
    ...(shown.length === 0 ? [] : [{ role: "user" as const, text: "", parts: shown }]),
  ];
}

function message(item: Item, where: string): ConversationMessage {
  const { role, content } = item;
  if (role === "system" || role === "developer") return { role: "system", text: textOf(content, `${where}.content`) };
  if (role !== "user") throw new InvalidField(`${where}.role`, "must be user, assistant, system or developer");
  if (typeof content === "string") return { role, text: content };
  const parts = partsIn(content, `${where}.content`).map((one, at) => contentPart(one, `${where}.content[${at}]`));
  const last = parts.at(-1);
  if (last?.type !== "text") return { role, text: "", parts };
  return { role, text: last.text, ...(parts.length === 1 ? {} : { parts: parts.slice(0, -1) }) };
}

function partsIn(content: unknown, where: string): Part[] {
  const checked = z.array(part).safeParse(content);
  if (checked.success) return checked.data;
  throw new InvalidField(where, "must be a text or parts");
}

function textOf(content: unknown, where: string): string {
  if (typeof content === "string") return content;
  const texts = partsIn(content, where).map((one, at) => {
    const text = one.type === "refusal" ? one.refusal : one.text;
    if (typeof text === "string") return text;
    throw new InvalidField(`${where}[${at}]`, `NOCP does not support content of the type ${one.type} here`);
  });
  return texts.join("\n");
}

function contentPart(sent: Part, where: string): ContentPart {
  const { type, text, image_url: image, file_data: file, file_url: address, filename } = sent;
  if ((type === "input_text" || type === "output_text") && typeof text === "string") return { type: "text", text };
  if (type === "input_image" && typeof image === "string") {
    const detail = (["low", "high", "auto"] as const).find((known) => known === sent.detail);
    return {
      ...(dataOf(image, "image") ?? { type: "image" as const, url: webAddress(image, where) }),
      ...(detail ? { detail } : {}),
    };
  }
  if (type === "input_file" && typeof file === "string") {
    const data = dataOf(file, "file");
    if (data === undefined) throw new InvalidField(`${where}.file_data`, "must be a data URL");
    return { ...data, ...(typeof filename === "string" && filename !== "" ? { name: filename.slice(0, 256) } : {}) };
  }
  if (type === "input_file" && typeof address === "string") return { type: "file", url: webAddress(address, where) };
  throw new InvalidField(where, `NOCP does not support content of the type ${type} without its data`);
}

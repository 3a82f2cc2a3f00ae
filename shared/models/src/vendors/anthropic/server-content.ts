// Blocks of a client's message as NOCP has them; the other direction of messages-request.ts.
import type { ContentPart, ReasoningItem, ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ConversationMessage } from "@nocp/contracts/request.ts";
import { z } from "zod";
import { InvalidField } from "../../server-api.ts";

export const blocksSchema = z.array(z.looseObject({ type: z.string() }));
type Block = z.infer<typeof blocksSchema>[number];

/** Instructions stand in blocks where parts of them are to be cached. */
export const systemText = (system: string | readonly Block[] | undefined): string =>
  typeof system === "string" ? system : (system ?? []).map(({ text }) => (typeof text === "string" ? text : "")).join("\n\n");

/**
 * One message of a client. Results of tools become messages of their own, before what the user says beside them.
 * @param where for errors, e.g. `messages[2]`.
 * @throws InvalidField for a block that NOCP cannot hand on.
 */
export function conversationMessages(
  role: "user" | "assistant" | "system",
  content: string | readonly Block[],
  where: string,
): ConversationMessage[] {
  if (typeof content === "string") return [{ role, text: content }];
  if (role === "system") return [{ role, text: systemText(content) }];
  return role === "assistant" ? [assistantMessage(content, where)] : userMessages(content, where);
}

function assistantMessage(blocks: readonly Block[], where: string): ConversationMessage {
  const texts: string[] = [];
  const toolRequests: ToolRequest[] = [];
  const reasoning: ReasoningItem[] = [];
  for (const [at, block] of blocks.entries()) {
    if (block.type === "text") texts.push(String(block.text ?? ""));
    else if (block.type === "tool_use") toolRequests.push(toolRequest(block, `${where}.content[${at}]`));
    else if (block.type === "thinking" || block.type === "redacted_thinking")
      reasoning.push({ vendor: "anthropic", data: block });
    else throw unsupported(block, `${where}.content[${at}]`);
  }
  return {
    role: "assistant",
    text: texts.join(""),
    ...(toolRequests.length === 0 ? {} : { toolRequests }),
    ...(reasoning.length === 0 ? {} : { reasoning }),
  };
}

function toolRequest({ id, name, input }: Block, where: string): ToolRequest {
  if (typeof id !== "string" || typeof name !== "string" || id === "" || name === "")
    throw new InvalidField(where, "needs an id and a name");
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  return { id, name, arguments: isObject ? (input as Record<string, unknown>) : {} };
}

/** NOCP's text comes last: what follows the last text is a part, and so is everything before it. */
function userMessages(blocks: readonly Block[], where: string): ConversationMessage[] {
  const results: ConversationMessage[] = [];
  const parts: ContentPart[] = [];
  for (const [at, block] of blocks.entries()) {
    const place = `${where}.content[${at}]`;
    if (block.type !== "tool_result") {
      parts.push(contentPart(block, place));
      continue;
    }
    if (typeof block.tool_use_id !== "string" || block.tool_use_id === "")
      throw new InvalidField(`${place}.tool_use_id`, "is missing");
    const inner = typeof block.content === "string" ? [{ type: "text", text: block.content }] : blocksIn(block.content, place);
    const shown = inner.map((one, index) => contentPart(one, `${place}.content[${index}]`));
    const text = shown.map((part) => (part.type === "text" ? part.text : "")).filter((one) => one !== "");
    results.push({ role: "tool", text: text.join("\n"), toolRequestId: block.tool_use_id });
    // A result of NOCP's is a text: what it shows comes right after it.
    parts.push(...shown.filter(({ type }) => type !== "text"));
  }
  const last = parts.at(-1);
  if (last === undefined) return results.length > 0 ? results : [{ role: "user", text: "" }];
  const before = last.type === "text" ? parts.slice(0, -1) : parts;
  const text = last.type === "text" ? last.text : "";
  return [...results, { role: "user", text, ...(before.length === 0 ? {} : { parts: before }) }];
}

function blocksIn(content: unknown, where: string): readonly Block[] {
  if (content === undefined || content === null) return [];
  const checked = blocksSchema.safeParse(content);
  if (!checked.success) throw new InvalidField(`${where}.content`, "must be a text or blocks");
  return checked.data;
}

const source = z.looseObject({
  type: z.string(),
  media_type: z.string().optional(),
  data: z.string().optional(),
  url: z.string().optional(),
});

/** @throws InvalidField */
function contentPart(block: Block, where: string): ContentPart {
  if (block.type === "text") return { type: "text", text: String(block.text ?? "") };
  // A tool that a search of the caller's found; other vendors' models have all tools in view.
  if (block.type === "tool_reference") return { type: "text", text: String(block.tool_name ?? "") };
  if (block.type !== "image" && block.type !== "document") throw unsupported(block, where);
  const type = block.type === "image" ? "image" : "file";
  const { data: from } = source.safeParse(block.source);
  if (from?.type === "base64" && from.data !== undefined && from.media_type !== undefined) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(from.data)) throw new InvalidField(`${where}.source.data`, "must be base64");
    return { type, data: from.data, mediaType: from.media_type };
  }
  if (from?.type === "url" && from.url !== undefined && /^https?:\/\//.test(from.url) && URL.canParse(from.url))
    return { type, url: from.url };
  if (from?.type === "text" && from.data !== undefined) return { type: "text", text: from.data };
  throw new InvalidField(`${where}.source`, `NOCP does not support a source of the type ${from?.type ?? "unknown"}`);
}

const unsupported = ({ type }: Block, where: string): InvalidField =>
  new InvalidField(where, `NOCP does not support blocks of the type ${type} here`);

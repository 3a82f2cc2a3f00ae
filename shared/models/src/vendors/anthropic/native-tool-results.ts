// The results of tools in a request of Anthropic's Messages API, given another text where they stand.
import type { RewriteText } from "../../rewrite-text.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Blocks of the type `tool_result`; their other fields, such as a cache mark, stay. */
export const rewriteMessagesResults = (body: Json, rewrite: RewriteText): Json =>
  Array.isArray(body.messages) ? { ...body, messages: body.messages.map((message) => withResults(message, rewrite)) } : body;

const withResults = (message: unknown, rewrite: RewriteText): unknown =>
  isObject(message) && Array.isArray(message.content)
    ? { ...message, content: message.content.map((block) => (isResult(block) ? withText(block, rewrite) : block)) }
    : message;

const isResult = (block: unknown): block is Json => isObject(block) && block.type === "tool_result" && block.is_error !== true;

function withText(block: Json, rewrite: RewriteText): Json {
  const { content } = block;
  if (typeof content === "string") return { ...block, content: rewrite(content) };
  if (!Array.isArray(content)) return block;
  return { ...block, content: content.map((part) => (isText(part) ? { ...part, text: rewrite(part.text) } : part)) };
}

const isText = (part: unknown): part is Json & { readonly text: string } =>
  isObject(part) && part.type === "text" && typeof part.text === "string";

// The results of tools in requests of OpenAI's two APIs, given another text where they stand.
import type { RewriteText } from "../../rewrite-text.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Messages of the role `tool`, in text or in parts of text. */
export const rewriteChatResults = (body: Json, rewrite: RewriteText): Json =>
  Array.isArray(body.messages)
    ? { ...body, messages: body.messages.map((message) => (isTool(message) ? withText(message, "content", rewrite) : message)) }
    : body;

const isTool = (message: unknown): message is Json => isObject(message) && message.role === "tool";

/** Outputs of functions and of custom tools. */
export const rewriteResponsesResults = (body: Json, rewrite: RewriteText): Json =>
  Array.isArray(body.input)
    ? { ...body, input: body.input.map((item) => (isOutput(item) ? withText(item, "output", rewrite) : item)) }
    : body;

const isOutput = (item: unknown): item is Json =>
  isObject(item) && (item.type === "function_call_output" || item.type === "custom_tool_call_output");

function withText(holder: Json, field: string, rewrite: RewriteText): Json {
  const content = holder[field];
  if (typeof content === "string") return { ...holder, [field]: rewrite(content) };
  if (!Array.isArray(content)) return holder;
  const parts = content.map((part) =>
    isObject(part) && typeof part.text === "string" ? { ...part, text: rewrite(part.text) } : part,
  );
  return { ...holder, [field]: parts };
}

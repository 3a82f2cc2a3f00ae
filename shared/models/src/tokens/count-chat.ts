// Tokens of a whole prompt: its messages, what the chat format adds to each, and the tools offered.
import {
  type ContentPartInput,
  type OfferedTool,
  type Prompt,
  type PromptMessage,
  promptMessages,
} from "@nocp/contracts/prompt.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

/** Chat overheads as the OpenAI cookbook states them ("How to count tokens with tiktoken", for gpt-4o and gpt-4). */
const tokensPerMessage = 3;
const tokensPerName = 1;
const tokensOfReplyPriming = 3;

/** Tool overheads from the same source; the first differs with the encoding. */
const tokensPerTool = { o200k_base: 7, cl100k_base: 10 } as const;
const tokensOfParameters = 3;
const tokensPerParameter = 3;
const tokensOfEnum = -3;
const tokensPerEnumItem = 3;
const tokensAfterTools = 12;

/**
 * Tokens of content that is no text, rather too many: vendors bill an image by its size in pixels, at most about 1,600 tokens
 * (Anthropic), 1,445 in high and 85 in low detail (OpenAI); sound by the second, 32 tokens (Gemini) of 16,000 bytes; a document
 * by its page.
 */
const tokensPerImage = { low: 85, high: 1600, auto: 1600 } as const;
const base64CharactersPerToken = { image: 1, audio: 600, file: 6 } as const;
const tokensOfUnseenFile = 4000;

/** Input tokens of a prompt as it is sent: every message of `promptMessages` with its overhead, and the tools. */
export function countPrompt(counter: TokenCounter, prompt: Prompt): number {
  return countChat(counter, promptMessages(prompt)) + countTools(counter, prompt.tools);
}

/** What of a message is tokens. */
type CountedMessage = Pick<PromptMessage, "role" | "text" | "toolRequests"> & {
  readonly name?: string;
  readonly parts?: readonly ContentPartInput[] | undefined;
};

export function countChat(counter: TokenCounter, messages: readonly CountedMessage[]): number {
  return messages.reduce((sum, message) => sum + countMessage(counter, message), tokensOfReplyPriming);
}

/** Calls that an assistant message asks for are counted as their name and JSON; what wraps them is not documented. */
function countMessage(counter: TokenCounter, message: CountedMessage): number {
  const calls = (message.toolRequests ?? []).map((call) => `${call.name}${JSON.stringify(call.arguments)}`);
  return (
    tokensPerMessage +
    counter.count(message.role) +
    counter.count(message.text) +
    (message.parts ?? []).reduce((sum, part) => sum + countPart(counter, part), 0) +
    (message.name === undefined ? 0 : counter.count(message.name) + tokensPerName) +
    calls.reduce((sum, call) => sum + counter.count(call) + tokensPerMessage, 0)
  );
}

function countPart(counter: TokenCounter, part: ContentPartInput): number {
  if (part.type === "text") return counter.count(part.text);
  if (part.type === "image") return tokensPerImage[part.detail ?? "auto"];
  return "url" in part ? tokensOfUnseenFile : Math.ceil(part.data.length / base64CharactersPerToken[part.type]);
}

/** Tokens of a schema for the answer, as its JSON; how vendors put it to the model is not documented. */
export const countSchema = (counter: TokenCounter, schema: Readonly<Record<string, unknown>> | undefined): number =>
  schema === undefined ? 0 : counter.count(JSON.stringify(schema));

/** Tokens that offering tools adds; parameters below the first level are counted as their JSON. */
type CountedTool = Omit<OfferedTool, "cache">;

export function countTools(counter: TokenCounter, tools: readonly CountedTool[]): number {
  if (tools.length === 0) return 0;
  return tools.reduce((sum, tool) => sum + countTool(counter, tool), tokensAfterTools);
}

function countTool(counter: TokenCounter, tool: CountedTool): number {
  const perTool = counter.encoding === "cl100k_base" ? tokensPerTool.cl100k_base : tokensPerTool.o200k_base;
  const head = counter.count(`${tool.name}:${withoutStop(tool.description)}`);
  const properties = isRecord(tool.parameters.properties) ? Object.entries(tool.parameters.properties) : [];
  const parameters = properties.reduce((sum, [name, property]) => sum + countParameter(counter, name, property), 0);
  return perTool + head + (properties.length === 0 ? 0 : tokensOfParameters) + parameters;
}

function countParameter(counter: TokenCounter, name: string, property: unknown): number {
  const { type, description, enum: items, ...rest } = isRecord(property) ? property : {};
  const text = `${name}:${String(type ?? "")}:${withoutStop(typeof description === "string" ? description : "")}`;
  const nested = Object.keys(rest).length === 0 ? 0 : counter.count(JSON.stringify(rest));
  const choices = Array.isArray(items)
    ? items.reduce<number>((sum, item) => sum + tokensPerEnumItem + counter.count(String(item)), tokensOfEnum)
    : 0;
  return tokensPerParameter + counter.count(text) + choices + nested;
}

const withoutStop = (text: string): string => (text.endsWith(".") ? text.slice(0, -1) : text);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

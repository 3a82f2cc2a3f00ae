// What the model is asked: built by assess, counted there, and sent by llm-router without further change.
import { z } from "zod";

/** How long a vendor keeps a prefix that is marked. */
export const cacheTtls = ["5m", "1h"] as const;
export type CacheTtl = (typeof cacheTtls)[number];

/** What is asked of vendors' prompt caches; later ones ask for less. */
export const promptCacheModes = ["auto", "marks", "off"] as const;
export type PromptCacheMode = (typeof promptCacheModes)[number];

/** The prompt up to and including what carries it is worth caching, at vendors whose prompt caches need to be told. */
export const cacheMarkSchema = z
  .strictObject({ ttl: z.enum(cacheTtls).default("5m").describe("How long it is kept.") })
  .describe("Everything up to here is worth keeping in the vendor's prompt cache.");
export type CacheMark = z.infer<typeof cacheMarkSchema>;

const cache = cacheMarkSchema.optional();

export const toolRequestSchema = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  signature: z.string().optional().describe("The provider's own token, which it wants back with the call in the next turn."),
});
/** A call the model asked for. */
export type ToolRequest = z.infer<typeof toolRequestSchema>;

const mediaType = z.string().regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i, "must be a media type, e.g. image/png");
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, "must be base64");

/** What a message holds besides its text. It is sent before the text, in this order, and never compressed. */
export const contentPartSchema = z.union([
  z.strictObject({ type: z.literal("text"), text: z.string(), cache }).describe("A text between other parts, e.g. a caption."),
  z
    .strictObject({
      type: z.enum(["image", "audio", "file"]),
      data: base64,
      mediaType,
      name: z.string().min(1).max(256).optional(),
      detail: z.enum(["low", "high", "auto"]).optional().describe("How closely an image is looked at, where a vendor asks."),
      cache,
    })
    .describe("The content itself, in base64."),
  z
    .strictObject({
      type: z.enum(["image", "file"]),
      url: z.url({ protocol: /^https?$/ }),
      mediaType: mediaType.optional(),
      detail: z.enum(["low", "high", "auto"]).optional(),
      cache,
    })
    .describe("Where the vendor fetches it from."),
]);
export type ContentPart = z.infer<typeof contentPartSchema>;
/** As a caller writes it: defaults may be left out. */
export type ContentPartInput = z.input<typeof contentPartSchema>;

/** What a reasoning model wants back word for word in the next turn; nobody but its vendor can read it. */
export const reasoningItemSchema = z.object({
  vendor: z.string().min(1).max(64).describe("Whose item it is; no other vendor is sent it."),
  data: z.record(z.string(), z.unknown()),
  textBefore: z
    .int()
    .positive()
    .optional()
    .describe("How much of the message's text comes before it, in UTF-16 units; absent: none of it."),
});
export type ReasoningItem = z.infer<typeof reasoningItemSchema>;

/** What of a prompt ends with a message, and is read again by later requests: `prompt` is all of it. */
export type PrefixEnd = "instructions" | "conversation" | "prompt";

export const promptMessageSchema = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  text: z.string(),
  toolRequests: z.array(toolRequestSchema).optional().describe("On an assistant message: the calls it asked for."),
  toolRequestId: z.string().optional().describe("On a tool message: the call it answers."),
  reasoning: z.array(reasoningItemSchema).optional().describe("On an assistant message: reasoning to send back with it."),
  parts: z.array(contentPartSchema).optional().describe("Images and the like, sent before the text."),
  context: z
    .string()
    .optional()
    .describe("On an earlier question: the context that was sent with it, which stands before its text."),
  cache: cache.describe("A mark that the caller set."),
});
/** `ends`: the stable part of the prompt that ends there; `promptMessages` says so, and nothing of it is stored. */
export type PromptMessage = z.infer<typeof promptMessageSchema> & { ends?: PrefixEnd };

export const offeredToolSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()).describe("JSON Schema of the arguments."),
  cache,
});
export type OfferedTool = z.infer<typeof offeredToolSchema>;

/** `nocp`: NOCP's instructions, then the context with the question. `none`: the caller's messages as they are. */
export const framings = ["nocp", "none"] as const;

export const promptSchema = z.object({
  framing: z.enum(framings).optional().describe("none: history holds all that is sent, the question included."),
  system: z.string().describe("Instructions; stable across requests so that providers can cache them."),
  instructions: z
    .array(z.object({ text: z.string(), cache }))
    .optional()
    .describe("Instructions after `system`, each a message of its own: where the caller marks one of them for the prompt cache."),
  context: z.string().describe("The optimized context; empty when there is none."),
  contextMark: z
    .string()
    .regex(/^[a-z0-9]{1,64}$/)
    .optional()
    .describe("Part of the tags around the context, and nowhere in it: content cannot close what it cannot name."),
  contextStays: z
    .boolean()
    .optional()
    .describe("Whether the prompt of the next question begins with this one: then all of it is worth caching."),
  query: z.string(),
  queryCache: cache.describe("A mark that the caller set after the question."),
  queryParts: z.array(contentPartSchema).optional().describe("Images and the like that the question is about."),
  history: z.array(promptMessageSchema).describe("Conversation before the question, oldest first."),
  toolRounds: z.array(promptMessageSchema).default([]).describe("Assistant and tool messages after the question."),
  tools: z.array(offeredToolSchema).default([]),
});
export type Prompt = z.infer<typeof promptSchema>;

/** Content between tags that bear the mark; without one, between plain tags, as older messages have them. */
const fenced = (content: string, mark: string | undefined): string => {
  const tag = mark === undefined ? "context" : `context-${mark}`;
  return `<${tag}>\n${content}\n</${tag}>`;
};

/** A tool's result that answers no call is sent by the user, as content: vendors accept a tool message only as an answer. */
const isStrayResult = ({ role, toolRequestId }: PromptMessage): boolean => role === "tool" && toolRequestId === undefined;

/** A message of the history as it is sent. */
export function sentMessage(message: PromptMessage, mark: string | undefined): PromptMessage {
  if (isStrayResult(message)) return { ...message, role: "user", text: fenced(message.text, mark) };
  const { context, ...sent } = message;
  return context === undefined ? sent : { ...sent, text: asked(sent.text, context, mark) };
}

/** A question below its context. */
const asked = (question: string, context: string, mark: string | undefined): string =>
  context === "" ? question : `${fenced(context, mark)}\n\n${question}`;

/** Everything in a prompt that is sent between the tags of its context. */
export const fencedTexts = ({ context, history }: Pick<Prompt, "context" | "history">): string[] => [
  ...history.filter(isStrayResult).map(({ text }) => text),
  ...history.flatMap((message) => message.context ?? []),
  context,
];

/** The contexts of all questions, oldest first, as one text. */
export const wholeContext = ({ context, history }: Pick<Prompt, "context" | "history">): string =>
  [...history.flatMap((message) => message.context ?? []), context].filter((text) => text !== "").join("\n\n");

/**
 * The prompt as the chat messages a provider is sent, in order: instructions, history, context with question, tool rounds.
 * Without framing they are the caller's, and NOCP marks nothing of them.
 * Counting and sending use this one function, so the counted tokens are the sent ones.
 */
export function promptMessages(prompt: Prompt): PromptMessage[] {
  const { system, instructions = [], contextMark: mark, context, query, queryParts = [], queryCache } = prompt;
  const history = prompt.history.map((message) => sentMessage(message, mark));
  if (prompt.framing === "none") return history;
  const told = [...(system === "" ? [] : [{ text: system }]), ...instructions].map((one) => ({
    role: "system" as const,
    ...one,
  }));
  const question: PromptMessage = {
    role: "user",
    text: asked(query, context, mark),
    ...(queryParts.length > 0 ? { parts: queryParts } : {}),
    ...(queryCache ? { cache: queryCache } : {}),
  };
  // Unless its context stays, the question without it is what the next turn has as history.
  const isKept = context === "" || prompt.contextStays || prompt.toolRounds.length > 0 || prompt.tools.length > 0;
  const rest = [question, ...prompt.toolRounds];
  return [
    ...endingWith("instructions", told),
    ...endingWith("conversation", history),
    ...(isKept ? endingWith("prompt", rest) : rest),
  ];
}

/** The last of the messages says what ends with it. */
function endingWith(ends: PrefixEnd, messages: readonly PromptMessage[]): PromptMessage[] {
  const last = messages.at(-1);
  return last === undefined ? [] : [...messages.slice(0, -1), { ...last, ends }];
}

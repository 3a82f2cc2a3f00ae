// What the model is asked: built by assess, counted there, and sent by llm-router without further change.
import { z } from "zod";

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
  z.strictObject({ type: z.literal("text"), text: z.string() }).describe("A text between other parts, e.g. a caption."),
  z
    .strictObject({
      type: z.enum(["image", "audio", "file"]),
      data: base64,
      mediaType,
      name: z.string().min(1).max(256).optional(),
      detail: z.enum(["low", "high", "auto"]).optional().describe("How closely an image is looked at, where a vendor asks."),
    })
    .describe("The content itself, in base64."),
  z
    .strictObject({
      type: z.enum(["image", "file"]),
      url: z.url({ protocol: /^https?$/ }),
      mediaType: mediaType.optional(),
      detail: z.enum(["low", "high", "auto"]).optional(),
    })
    .describe("Where the vendor fetches it from."),
]);
export type ContentPart = z.infer<typeof contentPartSchema>;

/** What a reasoning model wants back word for word in the next turn; nobody but its vendor can read it. */
export const reasoningItemSchema = z.object({
  vendor: z.string().min(1).max(64).describe("Whose item it is; no other vendor is sent it."),
  data: z.record(z.string(), z.unknown()),
});
export type ReasoningItem = z.infer<typeof reasoningItemSchema>;

export const promptMessageSchema = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  text: z.string(),
  toolRequests: z.array(toolRequestSchema).optional().describe("On an assistant message: the calls it asked for."),
  toolRequestId: z.string().optional().describe("On a tool message: the call it answers."),
  reasoning: z.array(reasoningItemSchema).optional().describe("On an assistant message: reasoning to send back with it."),
  parts: z.array(contentPartSchema).optional().describe("Images and the like, sent before the text."),
});
export type PromptMessage = z.infer<typeof promptMessageSchema>;

export const offeredToolSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()).describe("JSON Schema of the arguments."),
});
export type OfferedTool = z.infer<typeof offeredToolSchema>;

/** `nocp`: NOCP's instructions, then the context with the question. `none`: the caller's messages as they are. */
export const framings = ["nocp", "none"] as const;

export const promptSchema = z.object({
  framing: z.enum(framings).optional().describe("none: history holds all that is sent, the question included."),
  system: z.string().describe("Instructions; stable across requests so that providers can cache them."),
  context: z.string().describe("The optimized context; empty when there is none."),
  contextMark: z
    .string()
    .regex(/^[a-z0-9]{1,64}$/)
    .optional()
    .describe("Part of the tags around the context, and nowhere in it: content cannot close what it cannot name."),
  query: z.string(),
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
export const sentMessage = (message: PromptMessage, mark: string | undefined): PromptMessage =>
  isStrayResult(message) ? { role: "user", text: fenced(message.text, mark) } : message;

/** Everything in a prompt that is sent between the tags of its context. */
export const fencedTexts = ({ context, history }: Pick<Prompt, "context" | "history">): string[] => [
  context,
  ...history.filter(isStrayResult).map(({ text }) => text),
];

/**
 * The prompt as the chat messages a provider is sent, in order: system, history, context with question, tool rounds.
 * Without framing they are the caller's.
 * Counting and sending use this one function, so the counted tokens are the sent ones.
 */
export function promptMessages(prompt: Prompt): PromptMessage[] {
  const { contextMark: mark, context, query } = prompt;
  if (prompt.framing === "none") return prompt.history.map((message) => sentMessage(message, mark));
  const question = context === "" ? query : `${fenced(context, mark)}\n\n${query}`;
  return [
    ...(prompt.system === "" ? [] : [{ role: "system" as const, text: prompt.system }]),
    ...prompt.history.map((message) => sentMessage(message, mark)),
    { role: "user" as const, text: question, ...(prompt.queryParts?.length ? { parts: prompt.queryParts } : {}) },
    ...prompt.toolRounds,
  ];
}

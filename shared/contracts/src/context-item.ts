// A document, a message of the conversation, or a tool result: what compression strategies work on.
import { z } from "zod";
import { jsonValueSchema } from "./json-value.ts";

const itemId = z.string().min(1).max(256);

export const contextItemSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("document"), id: itemId, title: z.string().default(""), text: z.string() }),
  z.strictObject({
    kind: z.literal("message"),
    id: itemId,
    role: z.string().min(1).max(128),
    text: z.string(),
    at: z.string().optional().describe("When it was said, ISO 8601."),
    isToolResult: z.boolean().optional().describe("What a tool returned earlier in the conversation."),
  }),
  z.strictObject({
    kind: z.literal("tool"),
    id: itemId,
    name: z.string().min(1),
    data: jsonValueSchema,
    round: z.int().positive().optional().describe("Which round of the model's own calls it answers; absent: none."),
  }),
]);

export type ContextItem = z.infer<typeof contextItemSchema>;
export type DocumentItem = Extract<ContextItem, { kind: "document" }>;
export type MessageItem = Extract<ContextItem, { kind: "message" }>;
export type ToolItem = Extract<ContextItem, { kind: "tool" }>;

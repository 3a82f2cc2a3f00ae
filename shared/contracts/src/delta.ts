// Token deltas of a request that asked for a stream; core NATS, not stored.
import { z } from "zod";

/**
 * A piece of what the model thinks. Texts of one item follow one another; between two items of the result's `reasoning` stands
 * a blank line.
 */
export const reasoningPieceSchema = z.object({
  vendor: z.string().optional().describe("Whose item it belongs to, as in reasoningItems; absent: it is text alone."),
  item: z.int().nonnegative().describe("Counts the items of the answer's reasoning."),
  id: z.string().optional().describe("What the vendor calls the item."),
  part: z
    .object({ kind: z.string(), index: z.int().nonnegative() })
    .optional()
    .describe("Which of an item's texts it belongs to, where the vendor writes several."),
  text: z.string(),
  data: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("On the last piece of an item: all of it, as in reasoningItems, with what its vendor signed or encrypted."),
});
export type ReasoningPiece = z.infer<typeof reasoningPieceSchema>;

/**
 * A piece of a call of one of the caller's tools. Calls follow one another, each from its beginning to its end; the texts of
 * one, joined, are what `JSON.stringify` makes of the result's `arguments`, but for fields that it sorts or merges.
 */
export const toolCallPieceSchema = z.object({
  call: z.int().nonnegative().describe("Its place in the result's toolRequests."),
  id: z.string(),
  name: z.string(),
  text: z.string().describe("More of its arguments, as JSON. The first piece may have none of them."),
  done: z.boolean().optional().describe("On the last piece: the arguments are complete."),
});
export type ToolCallPiece = z.infer<typeof toolCallPieceSchema>;

/**
 * A higher `attempt` than the last one seen, or a `sequence` of 0 again, means: the answer starts over, drop what was shown.
 * The last one of every answer has `done`, also when the request failed: then it has an `error`, and what was shown is none.
 */
export const deltaSchema = z.object({
  requestId: z.string(),
  attempt: z.int().positive(),
  answer: z.int().positive().optional().describe("Counts the answers begun within the attempt: a provider broke one off."),
  sequence: z.int().nonnegative(),
  text: z.string(),
  reasoning: reasoningPieceSchema.optional().describe("What the model thinks, as it comes; `text` is empty then."),
  toolCall: toolCallPieceSchema.optional().describe("A call of one of the caller's tools, as it comes; `text` is empty then."),
  restart: z.boolean().optional().describe("On the first piece of an answer that takes the place of what was shown."),
  done: z.boolean().default(false),
  error: z.string().optional().describe("With done: the code of the failed result. What was shown is no answer."),
});
export type Delta = z.infer<typeof deltaSchema>;

/** A piece of the answer's text, of the reasoning that led to it, or of a call of a tool. */
export type AnswerPiece = Pick<Delta, "text" | "reasoning" | "toolCall">;

// A streamed answer of Chat Completions, put together from its chunks.
import { z } from "zod";
import { brokenStream, parseResponse } from "../../answers/read-answer.ts";
import { type ChatAnswer, filledIn, messageSchema, toolCallSchema, usageSchema } from "./chat-answer.ts";

const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      delta: z.object({
        ...messageSchema.shape,
        tool_calls: z.array(z.object({ ...toolCallSchema.shape, index: z.int().nullish() })).nullish(),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usageSchema.nullish(),
});

/**
 * @param model the one that was asked, for chunks that name none.
 * @throws NocpError PROVIDER_UNAVAILABLE when the stream ends without a finish reason.
 */
export async function readChatStream(
  stream: AsyncIterable<unknown>,
  model: string,
  onDelta: (text: string) => void,
): Promise<ChatAnswer> {
  const answer: ChatAnswer = { model, text: "", refusal: "", finishReason: null, toolCalls: [], usage: null };
  for await (const received of stream) {
    const chunk = parseResponse(chunkSchema, received);
    answer.model = chunk.model || answer.model;
    answer.usage = chunk.usage ?? answer.usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    answer.finishReason = choice.finish_reason ?? answer.finishReason;
    answer.refusal += choice.delta.refusal ?? "";
    if (choice.delta.content) {
      answer.text += choice.delta.content;
      onDelta(choice.delta.content);
    }
    for (const piece of choice.delta.tool_calls ?? []) addToolCallPiece(answer.toolCalls, piece);
  }
  if (answer.finishReason === null) throw brokenStream();
  return answer;
}

/** The first piece of a call has its id and name, the others more of its arguments, all under one index. */
function addToolCallPiece(
  toolCalls: ChatAnswer["toolCalls"],
  piece: z.infer<typeof toolCallSchema> & { index?: number | null | undefined },
): void {
  const index = piece.index ?? Math.max(0, piece.id ? toolCalls.length : toolCalls.length - 1);
  const known = toolCalls[index];
  if (!known) {
    toolCalls[index] = filledIn(piece);
    return;
  }
  known.name ||= piece.function?.name ?? "";
  known.arguments += piece.function?.arguments ?? "";
}

import type { AnswerReader, ProviderCompletion } from "../provider.ts";
import { answerPieces } from "./answer-pieces.ts";

/** Shows an answer that was to be a stream and came whole. */
export function showWhole(completion: ProviderCompletion, { onDelta, onReasoning, onToolCall }: AnswerReader) {
  for (const { text, reasoning, toolCall } of answerPieces({ ...completion, answer: completion.text })) {
    if (reasoning !== undefined) onReasoning?.(reasoning);
    else if (toolCall !== undefined) onToolCall?.(toolCall);
    else onDelta?.(text);
  }
}

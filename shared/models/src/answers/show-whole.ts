import type { ProviderCall, ProviderCompletion } from "../provider.ts";
import { answerPieces } from "./answer-pieces.ts";

/** Shows an answer that was to be a stream and came whole. */
export function showWhole(
  completion: ProviderCompletion,
  { onDelta, onReasoning }: Pick<ProviderCall, "onDelta" | "onReasoning">,
) {
  for (const { text, reasoning } of answerPieces({ ...completion, answer: completion.text })) {
    if (reasoning === undefined) onDelta?.(text);
    else onReasoning?.(reasoning);
  }
}

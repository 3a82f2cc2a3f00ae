// A complete answer in the pieces that a stream of it has, in their order: text, the items of reasoning where they belong, and
// the calls of tools.
import type { AnswerPiece, ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { ReasoningItem, ToolRequest } from "@nocp/contracts/prompt.ts";
import { messagesReasoning } from "../vendors/anthropic/reasoning-items.ts";
import { responsesReasoning } from "../vendors/openai/reasoning-items.ts";
import { createReasoningText } from "./reasoning-text.ts";

export interface WholeAnswer {
  readonly answer?: string | null | undefined;
  readonly reasoning?: string | undefined;
  readonly reasoningItems?: readonly ReasoningItem[] | undefined;
  readonly toolRequests?: readonly ToolRequest[] | undefined;
}

/** An item, as its vendor writes it, in pieces. @param item its number in the answer. */
type PiecesOfItem = (data: ReasoningItem["data"], item: number) => ReasoningPiece[];

const piecesByVendor: Readonly<Record<string, PiecesOfItem>> = {
  anthropic: messagesReasoning,
  openai: responsesReasoning,
};

export function answerPieces({ answer, reasoning = "", reasoningItems = [], toolRequests = [] }: WholeAnswer): AnswerPiece[] {
  const text = answer ?? "";
  const pieces: AnswerPiece[] = [];
  const shown = createReasoningText();
  let shownLength = 0;
  let told = 0;
  const tellText = (until: number): void => {
    if (until > told) pieces.push({ text: text.slice(told, until) });
    told = Math.max(told, until);
  };
  for (const [item, { vendor, data, textBefore = 0 }] of reasoningItems.entries()) {
    tellText(Math.min(textBefore, text.length));
    for (const piece of piecesByVendor[vendor]?.(data, item) ?? []) {
      shownLength += shown.push(item, piece.text).length;
      pieces.push({ text: "", reasoning: piece });
    }
  }
  // What no item holds has no known place: it led to the text.
  const others = reasoning.slice(shownLength).trim();
  if (others !== "") pieces.push({ text: "", reasoning: { item: reasoningItems.length, text: others } });
  tellText(text.length);
  pieces.push(...toolRequests.map((request, call) => ({ text: "", toolCall: wholeCall(request, call) })));
  return pieces;
}

export const wholeCall = ({ id, name, arguments: input }: ToolRequest, call: number): ToolCallPiece => ({
  ...{ call, id, name },
  text: JSON.stringify(input),
  done: true,
});

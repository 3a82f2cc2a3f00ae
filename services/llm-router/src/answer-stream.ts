// What a reader of deltas is shown: one answer at a time, each from its beginning, and of its calls those that are the reader's.
import type { AnswerPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";

export interface AnswerStream {
  /** Of a call that begins: what takes its pieces. The first piece drops what an earlier call has shown. */
  ofCall(): (piece: AnswerPiece) => void;
}

/** @param isCallers whether a tool is the caller's to run. */
export function createAnswerStream(
  context: Pick<HandlerContext, "delta" | "reasoning" | "toolCall" | "restartAnswer">,
  isCallers: (tool: string) => boolean,
): AnswerStream {
  let calls = 0;
  let shown: number | undefined;
  return {
    ofCall() {
      const call = ++calls;
      const ordered = createPieceOrder(isCallers, (piece) => {
        if (shown !== undefined && shown !== call) context.restartAnswer();
        shown = call;
        showPiece(piece, context);
      });
      return (piece) => {
        // A call that was left behind may still write.
        if (call === calls) ordered(piece);
      };
    },
  };
}

export function showPiece(
  { text, reasoning, toolCall }: AnswerPiece,
  context: Pick<HandlerContext, "delta" | "reasoning" | "toolCall">,
): void {
  if (reasoning !== undefined) context.reasoning(reasoning);
  else if (toolCall !== undefined) context.toolCall(toolCall);
  else context.delta(text);
}

/** Leaves out calls of other tools; what comes between the pieces of a call waits until the call is complete. */
export function createPieceOrder(
  isCallers: (tool: string) => boolean,
  show: (piece: AnswerPiece) => void,
): (piece: AnswerPiece) => void {
  let waiting: AnswerPiece[] = [];
  let last: ToolCallPiece | undefined;
  let callers = 0;
  return (piece) => {
    const { toolCall } = piece;
    if (toolCall === undefined) {
      if (last === undefined || last.done) show(piece);
      else waiting.push(piece);
      return;
    }
    if (!isCallers(toolCall.name)) return;
    if (toolCall.call !== last?.call) callers += 1;
    last = toolCall;
    show({ text: "", toolCall: { ...toolCall, call: callers - 1 } });
    if (!toolCall.done) return;
    for (const held of waiting) show(held);
    waiting = [];
  };
}

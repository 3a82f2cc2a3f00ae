// What a reader of deltas is shown: one answer at a time, each from its beginning.
import type { AnswerPiece } from "@nocp/contracts/delta.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";

export interface AnswerStream {
  /** Of a call that begins: what takes its pieces. The first piece drops what an earlier call has shown. */
  ofCall(): (piece: AnswerPiece) => void;
}

export function createAnswerStream(context: Pick<HandlerContext, "delta" | "reasoning" | "restartAnswer">): AnswerStream {
  let calls = 0;
  let shown: number | undefined;
  return {
    ofCall() {
      const call = ++calls;
      return ({ text, reasoning }) => {
        // A call that was left behind may still write.
        if (call !== calls) return;
        if (shown !== undefined && shown !== call) context.restartAnswer();
        shown = call;
        if (reasoning === undefined) context.delta(text);
        else context.reasoning(reasoning);
      };
    },
  };
}

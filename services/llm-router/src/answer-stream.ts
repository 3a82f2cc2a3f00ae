// What a reader of deltas is shown: one answer at a time, each from its beginning.
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";

export interface AnswerStream {
  /** Of a call that begins: what takes its pieces. The first piece drops what an earlier call has shown. */
  ofCall(): (text: string) => void;
}

export function createAnswerStream(context: Pick<HandlerContext, "delta" | "restartAnswer">): AnswerStream {
  let calls = 0;
  let shown: number | undefined;
  return {
    ofCall() {
      const call = ++calls;
      return (text) => {
        // A call that was left behind may still write.
        if (call !== calls) return;
        if (shown !== undefined && shown !== call) context.restartAnswer();
        shown = call;
        context.delta(text);
      };
    },
  };
}

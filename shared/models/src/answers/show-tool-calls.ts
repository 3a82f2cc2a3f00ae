// Shows calls of tools as they come, one after another: what a vendor says of a later one waits until the one before is complete.
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
import type { AnswerReader } from "../provider.ts";
import { wholeCall } from "./answer-pieces.ts";
import { type ArgumentText, createArgumentText } from "./argument-text.ts";

export interface ToolCallShow {
  /** Its id and name are known. @param index among the calls of the answer, from 0. */
  begin(index: number, call: Pick<ToolRequest, "id" | "name">): void;
  /** More of its arguments, also before it begins. */
  add(index: number, text: string): void;
  /** All of its arguments came: none at all are an empty object. */
  end(index: number): void;
  /** All calls have ended. */
  endAll(): void;
  /** A call that came in one piece. */
  whole(request: ToolRequest): void;
}

interface ShownCall {
  readonly arguments: ArgumentText;
  known?: Pick<ToolRequest, "id" | "name">;
  isBegun: boolean;
  isEmpty: boolean;
  isEnded: boolean;
  /** Of its arguments, what was not shown yet. */
  waiting: string;
}

const newCall = (): ShownCall => ({
  ...{ arguments: createArgumentText(), waiting: "" },
  ...{ isBegun: false, isEmpty: true, isEnded: false },
});

export function createToolCallShow(onToolCall: AnswerReader["onToolCall"] | undefined): ToolCallShow {
  const calls: ShownCall[] = [];
  let current = 0;
  const at = (index: number): ShownCall => {
    calls[index] ??= newCall();
    return calls[index];
  };
  const show = (): void => {
    for (let call = calls[current]; call?.known !== undefined; call = calls[current]) {
      const isEmpty = call.isEmpty && call.isEnded;
      const isDone = call.arguments.isComplete || isEmpty;
      const text = isEmpty ? "{}" : call.waiting;
      if (!call.isBegun || text !== "" || isDone)
        onToolCall?.({ call: current, ...call.known, text, ...(isDone ? { done: true } : {}) });
      Object.assign(call, { isBegun: true, waiting: "" });
      if (!isDone) return;
      current += 1;
    }
  };
  const end = (index: number): void => {
    at(index).isEnded = true;
    show();
  };
  return {
    begin(index, { id, name }) {
      at(index).known ??= { id, name };
      show();
    },
    add(index, text) {
      const call = at(index);
      call.isEmpty &&= text.trim() === "";
      call.waiting += call.arguments.push(text);
      if (index === current) show();
    },
    end,
    endAll() {
      for (const index of calls.keys()) end(index);
    },
    whole(request) {
      onToolCall?.(wholeCall(request, current));
      current += 1;
    },
  };
}

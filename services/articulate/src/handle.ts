// articulate: checks the answer, writes it in the fewest tokens, and hands back the result with its bill.
import type { Handle } from "@nocp/runtime/stage/handler.ts";
import type { KeepTurn } from "./keep-turn.ts";
import { resultOfCompletion } from "./result-of-completion.ts";
import type { AnswerWork } from "./workers/answer-work.ts";

export interface ArticulateDependencies {
  readonly work: AnswerWork;
  readonly keepTurn: KeepTurn;
}

/** @returns a handler from `completion.received` to `response.ready`. */
export function createHandler(dependencies: ArticulateDependencies): Handle<"articulate"> {
  return async ({ body }, context) => {
    context.signal.throwIfAborted();
    const { completion, context: read, request } = body;
    const answer = await dependencies.work.answerOf({ completion, context: read, output: request.output }, context.signal);
    const notKept = "error" in answer ? undefined : await dependencies.keepTurn(body, answer.text, context.now());
    const message = notKept ? { ...body, warnings: [...body.warnings, notKept] } : body;
    const record = {
      stage: context.stage,
      attempt: context.attempt,
      queueWaitMs: context.queueWaitMs,
      workMs: context.elapsedMs(),
    };
    const { traceId } = context;
    return [
      {
        fact: "response.ready",
        body: resultOfCompletion({ message, answer, record, completedAt: context.now(), traceId }),
      },
    ];
  };
}

// articulate: checks the answer, writes it in the fewest tokens, and hands back the result with its bill.

import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { CompletionReceived } from "@nocp/contracts/messages.ts";
import type { Handle } from "@nocp/runtime/stage/handler.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { confidenceOf } from "./confidence.ts";
import type { KeepTurn } from "./keep-turn.ts";
import { type CompletionOutcome, resultOfCompletion } from "./result-of-completion.ts";
import { type ShapeDependencies, shapeAnswer } from "./shape-answer.ts";

export interface ArticulateDependencies extends ShapeDependencies {
  readonly counterFor: (model: string) => TokenCounter;
  readonly keepTurn: KeepTurn;
}

/** @returns a handler from `completion.received` to `response.ready`. */
export function createHandler(dependencies: ArticulateDependencies): Handle<"articulate"> {
  return async ({ body }, context) => {
    context.signal.throwIfAborted();
    const answer = answerOf(body, dependencies);
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

/** An answer that does not satisfy the schema was paid for: it ends in a failed result with its bill, not in a dead letter. */
function answerOf(
  { completion, context, request }: CompletionReceived,
  dependencies: ArticulateDependencies,
): CompletionOutcome["answer"] {
  const counter = dependencies.counterFor(completion.model);
  const calls = completion.toolRequests !== undefined;
  try {
    // What a model says beside its calls is no answer yet: no schema holds for it.
    const output = calls ? { format: "text" as const } : request.output;
    const shaped = shapeAnswer(completion.text, output, counter, dependencies);
    const warnings = completion.text.trim() === "" && !calls ? [...shaped.warnings, emptyAnswer] : shaped.warnings;
    return { ...shaped, warnings, confidence: confidenceOf(completion, context, shaped.schemaSatisfied) };
  } catch (error) {
    if (!(error instanceof NocpError)) throw error;
    const reported = reportedErrorOf(error, "articulate");
    const cut = completion.finishReason === "length" ? "; the answer was cut at the limit of output tokens" : "";
    return { error: { ...reported, message: reported.message + cut }, rawTokens: counter.count(completion.text) };
  }
}

const emptyAnswer = warningOf("EMPTY_ANSWER", "the model returned no text");

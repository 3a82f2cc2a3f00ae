// The answer of a completion: shaped, and with what it can be trusted.
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { CompletionReceived } from "@nocp/contracts/messages.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { confidenceOf } from "./confidence.ts";
import type { CompletionOutcome } from "./result-of-completion.ts";
import { type ShapeDependencies, shapeAnswer } from "./shape-answer.ts";

/** What of a message an answer is made of. */
export interface GivenAnswer extends Pick<CompletionReceived, "completion" | "context"> {
  readonly output: NocpRequest["output"];
}

export type Answer = CompletionOutcome["answer"];

export interface AnswerDependencies extends ShapeDependencies {
  readonly counterFor: (model: string) => TokenCounter;
}

/** Pure. An answer that does not satisfy the schema was paid for: it ends in a failed result with its bill, not in a dead letter. */
export function answerOf({ completion, context, output: asked }: GivenAnswer, dependencies: AnswerDependencies): Answer {
  const counter = dependencies.counterFor(completion.model);
  const calls = completion.toolRequests !== undefined;
  try {
    // What a model says beside its calls is no answer yet: no schema holds for it.
    const output = calls ? { format: "text" as const } : asked;
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

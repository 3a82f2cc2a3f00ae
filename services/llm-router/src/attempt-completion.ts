// One call of one provider: bounded in time, traced, and with its error in the words of the catalogue.

import type { ProviderAttempt, Usage, Warning } from "@nocp/contracts/accounting.ts";
import type { AnswerPiece } from "@nocp/contracts/delta.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { CallLimits } from "@nocp/models/call-limits.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import { providerFailureOf } from "@nocp/models/failures/provider-failure.ts";
import { costOfAnswer } from "@nocp/models/prices/cost-of-usage.ts";
import type { AnswerReader, ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { type ReportedQuotas, reportedQuotasOf } from "@nocp/models/quotas/reported-quotas.ts";
import { type CallProgress, type CountedTokens, noProgress, usageOf } from "@nocp/models/reported-usage.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { watchCall } from "./call-watch.ts";
import { answerAttributes, failedCallAttributes, requestAttributes } from "./describe-attempt.ts";
import { billOfFailedCall, type CallBill } from "./failed-call-bill.ts";
import type { InstalledProvider } from "./installed-provider.ts";

export interface AttemptInput {
  readonly candidate: RouteCandidate;
  readonly installed: InstalledProvider;
  readonly call: Omit<ProviderCall, keyof AnswerReader | "progress">;
  /** Counts from 1 within the route. */
  readonly number: number;
  readonly limits: CallLimits;
  /** An answer whose first piece comes later is a slow one, in milliseconds. */
  readonly slowMs: number;
  /** Takes the answer piece by piece; absent when nobody reads it so. */
  readonly show?: ((piece: AnswerPiece) => void) | undefined;
  readonly sessionId: string | undefined;
  readonly recordContent: boolean;
  /** Whether spans have the attributes' former names, too. */
  readonly formerNames: boolean;
  /** Counts the tokens of a call whose provider did not say, from all that the model wrote. */
  readonly countTokens: (written: readonly string[], model: string) => CountedTokens;
  /** What the call costs at most; `null` when the model has no known price. */
  readonly worstCaseUsd: number | null;
}

export type CountedCompletion = Omit<ProviderCompletion, "usage"> & { readonly usage: Usage };

/** The call as it stands on the bill, and what came of it: an answer, or whatever was thrown. */
export type AttemptOutcome = {
  readonly attempt: ProviderAttempt;
  /** What the vendor said of its quotas. */
  readonly reported: ReportedQuotas | undefined;
  /** Time between two pieces of the answer, each in milliseconds. */
  readonly chunkGapsMs: readonly number[];
} & (
  | { readonly completion: CountedCompletion }
  | {
      readonly error: unknown;
      /** Some of an answer came before it. */
      readonly wrote: boolean;
    }
);

/** One call. Never rejects; after the signal of the context the error is its reason, which is no provider's failure. */
export async function attemptCompletion(input: AttemptInput, context: HandlerContext): Promise<AttemptOutcome> {
  const { candidate, installed } = input;
  const progress = noProgress();
  const measured = measuredCall(input, progress, context);
  const span = { ...input, call: measured.call, installed };
  // Of a call that fails; before it starts, nothing is spent.
  let bill: CallBill = { costUsd: 0 };
  let reported: ReportedQuotas | undefined;
  try {
    const completion = await context.span(
      `chat ${candidate.model}`,
      () => requestAttributes(span),
      async (active) => {
        try {
          const answered = await boundedCompletion(input, measured.call, progress, context);
          const counted = {
            ...answered,
            warnings: [...(answered.warnings ?? []), ...damageOf(progress, candidate)],
            usage: usageOf(answered.usage, () => input.countTokens(writtenIn(answered), candidate.model)),
          };
          if (active.isRecording())
            active.setAttributes(answerAttributes(counted, progress.id, measured.times().timeToFirstTokenMs, input));
          return counted;
        } catch (thrown) {
          bill = thrown instanceof NotStarted ? bill : failedBill(input, thrown, progress, context);
          reported = reportedOf(progress, thrown, context);
          active.setAttributes(failedCallAttributes(progress.id, bill.usage, input));
          throw failureOf(thrown, input, bill, context);
        }
      },
      { kind: "client" },
    );
    const { usage } = completion;
    const costUsd = priceOf(completion, progress, installed, candidate.model, context.now());
    return {
      completion,
      reported: reportedOf(progress, undefined, context),
      chunkGapsMs: measured.chunkGapsMs,
      attempt: { ...candidate, ...measured.times(), outcome: "succeeded", usage, costUsd },
    };
  } catch (error) {
    const errorCode = error instanceof NocpError ? { errorCode: error.code } : {};
    return {
      error,
      wrote: progress.output !== "",
      reported,
      chunkGapsMs: measured.chunkGapsMs,
      attempt: { ...candidate, ...measured.times(), outcome: "failed", ...errorCode, ...bill },
    };
  }
}

/** Of a refusal the headers are with the error. */
function reportedOf({ header }: CallProgress, thrown: unknown, context: HandlerContext): ReportedQuotas | undefined {
  if (thrown === undefined || thrown instanceof NocpError) return header && reportedQuotasOf(header, context.now());
  const failure = providerFailureOf(thrown);
  return failure.violated ?? reportedQuotasOf(failure.header, context.now());
}

const failedBill = (
  { candidate, installed, countTokens, worstCaseUsd }: AttemptInput,
  thrown: unknown,
  progress: CallProgress,
  context: HandlerContext,
): CallBill =>
  billOfFailedCall({
    thrown,
    progress,
    streamed: true,
    countTokens: (written) => countTokens([written], candidate.model),
    priceOf: (usage) =>
      priceOf({ usage, model: progress.model ?? candidate.model }, progress, installed, candidate.model, context.now()),
    worstCaseUsd,
  });

const damageOf = ({ unreadableEvents = 0 }: CallProgress, { provider, model }: RouteCandidate): Warning[] =>
  unreadableEvents === 0
    ? []
    : [warningOf("STREAM_DAMAGED", `${unreadableEvents} event(s) of the stream of ${provider} (${model}) could not be read`)];

function failureOf(thrown: unknown, { candidate }: AttemptInput, { usage }: CallBill, context: HandlerContext): unknown {
  if (context.signal.aborted) return context.signal.reason;
  const cause = thrown instanceof NotStarted ? thrown.cause : thrown;
  const error = classifyProviderError(cause, candidate, context.now());
  const isSettled =
    error.code === "PROVIDER_INVALID_RESPONSE" && usage?.source === "provider" && !(thrown instanceof EmptyAnswer);
  return isSettled ? new NocpError("PROVIDER_UNUSABLE_ANSWER", error.message) : error;
}

/** The call with a clock at its first piece. It streams, whoever reads: a stream shows that a model is alive. */
function measuredCall({ call, show }: AttemptInput, progress: CallProgress, context: HandlerContext) {
  const startedMs = context.elapsedMs();
  let firstTokenMs: number | undefined;
  let lastChunkMs: number | undefined;
  const chunkGapsMs: number[] = [];
  const take = (piece: AnswerPiece): void => {
    const nowMs = context.elapsedMs() - startedMs;
    firstTokenMs ??= nowMs;
    if (lastChunkMs !== undefined) chunkGapsMs.push(nowMs - lastChunkMs);
    lastChunkMs = nowMs;
    show?.(piece);
  };
  const streamed: ProviderCall = {
    ...call,
    isShown: show !== undefined,
    onDelta: (text) => take({ text }),
    onReasoning: (reasoning) => take({ text: "", reasoning }),
    onToolCall: (toolCall) => take({ text: "", toolCall }),
    progress,
  };
  return {
    call: streamed,
    chunkGapsMs,
    times: () => ({
      latencyMs: context.elapsedMs() - startedMs,
      ...(firstTokenMs === undefined ? {} : { timeToFirstTokenMs: firstTokenMs }),
    }),
  };
}

const priceOf = (
  completion: { readonly usage: Usage; readonly model: string },
  { hasUnknownCosts }: CallProgress,
  { pricing }: InstalledProvider,
  asked: string,
  at: number,
) => (hasUnknownCosts ? null : costOfAnswer(completion.usage, pricing, completion.model, asked, at));

/** The provider could not be created, so no call was made. */
class NotStarted extends Error {}

/** Models return nothing at random: unlike what cannot be read, it is asked for again. */
class EmptyAnswer extends NocpError {
  constructor() {
    super("PROVIDER_INVALID_RESPONSE", "the answer is empty");
  }
}

/** An SDK that misses the signal, or swallows it, must not hold the request. */
async function boundedCompletion(
  { installed, limits }: AttemptInput,
  call: ProviderCall,
  progress: CallProgress,
  context: HandlerContext,
): Promise<ProviderCompletion> {
  let isStarted = false;
  const complete = async (signal: AbortSignal) => {
    const provider = await installed.provider();
    isStarted = true;
    return provider.complete(call, signal);
  };
  try {
    const completion = await watchCall(complete, { limits, progress, signal: context.signal });
    if (!isEmpty(completion)) return completion;
    progress.usage = completion.usage;
    throw new EmptyAnswer();
  } catch (error) {
    throw isStarted ? error : new NotStarted("the call was not made", { cause: error });
  }
}

/** Reasoning without text is an answer that was paid for, and comes out the same when it is asked for again. */
const isEmpty = ({ text, reasoning = "", toolRequests, finishReason, usage }: ProviderCompletion): boolean =>
  text === "" && reasoning === "" && !usage?.reasoningTokens && toolRequests.length === 0 && finishReason === "stop";

/** Everything that the model wrote. */
const writtenIn = ({ text, reasoning = "", toolRequests, alternatives = [] }: ProviderCompletion): string[] => [
  text,
  reasoning,
  ...toolRequests.map((request) => JSON.stringify(request.arguments)),
  ...alternatives,
];

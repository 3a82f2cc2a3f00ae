// One call of one provider: bounded in time, traced, and with its error in the words of the catalogue.

import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { type CountedTokens, usageOf } from "@nocp/models/reported-usage.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { answerAttributes, requestAttributes } from "./describe-attempt.ts";
import type { InstalledProvider } from "./installed-provider.ts";

export interface AttemptInput {
  readonly candidate: RouteCandidate;
  readonly installed: InstalledProvider;
  readonly call: ProviderCall;
  /** Counts from 1 within the route. */
  readonly number: number;
  readonly timeoutMs: number;
  readonly sessionId: string | undefined;
  readonly recordContent: boolean;
  /** Counts the tokens of a completion whose provider did not say. */
  readonly countTokens: (completion: ProviderCompletion, model: string) => CountedTokens;
}

export type CountedCompletion = Omit<ProviderCompletion, "usage"> & { readonly usage: Usage };

/** The call as it stands on the bill, and what came of it: an answer, or whatever was thrown. */
export type AttemptOutcome = { readonly attempt: ProviderAttempt } & (
  | { readonly completion: CountedCompletion }
  | { readonly error: unknown }
);

/** One call. Never rejects; after the signal of the context the error is its reason, which is no provider's failure. */
export async function attemptCompletion(input: AttemptInput, context: HandlerContext): Promise<AttemptOutcome> {
  const { candidate, installed } = input;
  const measured = measuredCall(input.call, context);
  const span = { ...input, genAiName: installed.genAiName };
  try {
    const completion = await context.span(
      `chat ${candidate.model}`,
      requestAttributes(span),
      async (active) => {
        const answered = await boundedCompletion(input, measured.call, context);
        const counted = { ...answered, usage: usageOf(answered.usage, () => input.countTokens(answered, candidate.model)) };
        active.setAttributes(answerAttributes(counted, measured.times().timeToFirstTokenMs, input.recordContent));
        return counted;
      },
      { kind: "client" },
    );
    const { usage } = completion;
    const costUsd = priceOf(completion, installed, candidate.model, context.now());
    return { completion, attempt: { ...candidate, ...measured.times(), outcome: "succeeded", usage, costUsd } };
  } catch (thrown) {
    const error: unknown = context.signal.aborted ? context.signal.reason : thrown;
    const errorCode = error instanceof NocpError ? { errorCode: error.code } : {};
    return { error, attempt: { ...candidate, ...measured.times(), outcome: "failed", ...errorCode, costUsd: null } };
  }
}

/** The call with a clock at its first piece. */
function measuredCall(call: ProviderCall, context: HandlerContext) {
  const startedMs = context.elapsedMs();
  let firstTokenMs: number | undefined;
  const { onDelta } = call;
  const onTimedDelta = (text: string): void => {
    firstTokenMs ??= context.elapsedMs() - startedMs;
    onDelta?.(text);
  };
  return {
    call: onDelta ? { ...call, onDelta: onTimedDelta } : call,
    times: () => ({
      latencyMs: context.elapsedMs() - startedMs,
      ...(firstTokenMs === undefined ? {} : { timeToFirstTokenMs: firstTokenMs }),
    }),
  };
}

/** By the name of the version that answered, or else of the model that was asked. */
const priceOf = (
  completion: { readonly usage: Usage; readonly model: string },
  { pricing }: InstalledProvider,
  asked: string,
  at: number,
) => costOf(completion.usage, pricing, completion.model, at) ?? costOf(completion.usage, pricing, asked, at);

/** An SDK that misses the signal, or swallows it, must not hold the request. */
async function boundedCompletion(input: AttemptInput, call: ProviderCall, context: HandlerContext): Promise<ProviderCompletion> {
  const { candidate, installed, timeoutMs } = input;
  try {
    const completion = await withTimeLimit(async (signal) => (await installed.provider()).complete(call, signal), {
      timeoutMs,
      onTimeout: () => new NocpError("PROVIDER_TIMEOUT", `did not answer within ${timeoutMs} ms`),
      signal: context.signal,
    });
    if (isEmpty(completion)) {
      throw new NocpError("PROVIDER_INVALID_RESPONSE", "the answer is empty");
    }
    return completion;
  } catch (error) {
    context.signal.throwIfAborted();
    throw classifyProviderError(error, candidate, context.now());
  }
}

/** Reasoning without text is an answer that was paid for, and comes out the same when it is asked for again. */
const isEmpty = ({ text, reasoning = "", toolRequests, finishReason }: ProviderCompletion): boolean =>
  text === "" && reasoning === "" && toolRequests.length === 0 && finishReason === "stop";

// One call of one provider: bounded in time, traced, and with its error in the words of the catalogue.

import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { Span } from "@opentelemetry/api";
import { classifyProviderError } from "./error-classification.ts";
import { attemptNumber, genAi } from "./gen-ai-attributes.ts";
import type { InstalledProvider } from "./load-providers.ts";
import type { ProviderCall, ProviderCompletion } from "./provider.ts";

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
  readonly countUsage: (completion: ProviderCompletion, model: string) => Usage;
}

export type CountedCompletion = ProviderCompletion & { readonly usage: Usage };

/** The call as it stands on the bill, and what came of it. */
export type AttemptOutcome = { readonly attempt: ProviderAttempt } & (
  | { readonly completion: CountedCompletion }
  | { readonly error: NocpError }
  /** The signal of the context fired: a deadline or a cancellation is no provider's failure. */
  | { readonly aborted: true }
);

/** One call; anything but a provider's failure and the signal of the context is thrown. */
export async function attemptCompletion(input: AttemptInput, context: HandlerContext): Promise<AttemptOutcome> {
  const { candidate, installed, call } = input;
  const startedMs = context.elapsedMs();
  let firstTokenMs: number | undefined;
  const { onDelta } = call;
  const timedCall: ProviderCall = onDelta
    ? {
        ...call,
        onDelta: (text) => {
          firstTokenMs ??= context.elapsedMs() - startedMs;
          onDelta(text);
        },
      }
    : call;
  const measured = () => ({
    ...candidate,
    latencyMs: context.elapsedMs() - startedMs,
    ...(firstTokenMs === undefined ? {} : { timeToFirstTokenMs: firstTokenMs }),
  });
  try {
    const completion = await context.span(
      `chat ${candidate.model}`,
      requestAttributes(input),
      async (span) => {
        const answered = await boundedCompletion(input, timedCall, context);
        const usage = answered.usage ?? input.countUsage(answered, candidate.model);
        describeAnswer(span, { ...answered, usage }, firstTokenMs, input.recordContent);
        return { ...answered, usage };
      },
      { kind: "client" },
    );
    const { usage } = completion;
    const costUsd = priceOf(completion, installed, candidate.model, context.now());
    return { completion, attempt: { ...measured(), outcome: "succeeded", usage, costUsd } };
  } catch (error) {
    const { aborted, reason } = context.signal;
    const cause: unknown = aborted ? reason : error;
    const errorCode = cause instanceof NocpError ? { errorCode: cause.code } : {};
    const attempt: ProviderAttempt = { ...measured(), outcome: "failed", ...errorCode, costUsd: null };
    if (aborted) return { aborted, attempt };
    if (!(error instanceof NocpError)) throw error;
    return { error, attempt };
  }
}

/** By the name of the version that answered, or else of the model that was asked. */
const priceOf = (
  completion: { readonly usage: Usage; readonly model: string },
  { pricing }: InstalledProvider,
  asked: string,
  at: number,
) => costOf(completion.usage, pricing, completion.model, at) ?? costOf(completion.usage, pricing, asked, at);

async function boundedCompletion(input: AttemptInput, call: ProviderCall, context: HandlerContext): Promise<ProviderCompletion> {
  const { candidate, installed, timeoutMs } = input;
  const bound = boundSignal(context.signal, timeoutMs);
  try {
    const provider = await installed.provider();
    const completion = await Promise.race([provider.complete(call, bound.signal), bound.aborted]);
    if (completion.text === "" && completion.toolRequests.length === 0 && completion.finishReason === "stop") {
      throw new NocpError("PROVIDER_INVALID_RESPONSE", "the answer is empty");
    }
    return completion;
  } catch (error) {
    context.signal.throwIfAborted();
    if (bound.signal.aborted) {
      throw new NocpError("PROVIDER_TIMEOUT", `${candidate.provider} (${candidate.model}) did not answer within ${timeoutMs} ms`);
    }
    throw classifyProviderError(error, candidate, context.now());
  } finally {
    bound.release();
  }
}

/**
 * A signal that fires with its parent or after a time, and a promise that then rejects: an SDK that misses the signal,
 * or swallows it, must not hold the request. Not AbortSignal.timeout: its timers outlive quick answers by minutes.
 */
function boundSignal(parent: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (reason: unknown) => {
    controller.abort(reason);
    reject(controller.signal.reason);
  };
  const onParentAbort = () => abort(parent.reason);
  const timer = setTimeout(() => abort(new Error("the time of this attempt is over")), timeoutMs);
  if (parent.aborted) onParentAbort();
  else parent.addEventListener("abort", onParentAbort, { once: true });
  return {
    signal: controller.signal,
    aborted,
    release: () => {
      clearTimeout(timer);
      parent.removeEventListener("abort", onParentAbort);
    },
  };
}

function requestAttributes({ candidate, installed, call, number, sessionId, recordContent }: AttemptInput) {
  return {
    [genAi.operationName]: "chat",
    [genAi.providerName]: installed.genAiName,
    [genAi.requestModel]: candidate.model,
    [genAi.requestMaxTokens]: call.maxOutputTokens,
    [genAi.requestStream]: call.onDelta !== undefined,
    [genAi.outputType]: call.outputSchema === undefined ? "text" : "json",
    [attemptNumber]: number,
    ...(call.temperature === undefined ? {} : { [genAi.requestTemperature]: call.temperature }),
    ...(sessionId === undefined ? {} : { [genAi.conversationId]: sessionId }),
    ...(recordContent ? { [genAi.inputMessages]: JSON.stringify(call.messages) } : {}),
  };
}

function describeAnswer(
  span: Span,
  completion: CountedCompletion,
  firstTokenMs: number | undefined,
  recordContent: boolean,
): void {
  const { usage } = completion;
  span.setAttributes({
    [genAi.responseModel]: completion.model,
    [genAi.responseFinishReasons]: [completion.finishReason],
    [genAi.usageInputTokens]: usage.inputTokens,
    [genAi.usageOutputTokens]: usage.outputTokens,
    [genAi.usageCacheReadInputTokens]: usage.cacheReadTokens,
    [genAi.usageCacheCreationInputTokens]: usage.cacheWriteTokens,
    [genAi.usageReasoningOutputTokens]: usage.reasoningTokens,
    ...(firstTokenMs === undefined ? {} : { [genAi.responseTimeToFirstChunk]: firstTokenMs / 1000 }),
    ...(recordContent ? { [genAi.outputMessages]: JSON.stringify([{ role: "assistant", text: completion.text }]) } : {}),
  });
}

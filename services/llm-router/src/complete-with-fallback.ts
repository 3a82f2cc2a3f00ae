// Tries the candidates of a route in order until one answers.
import type { ProviderAttempt, Usage, Warning } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { CacheTtl } from "@nocp/contracts/prompt.ts";
import type { ReasoningEffort, RouteCandidate } from "@nocp/contracts/request.ts";
import { limitsOfCall } from "@nocp/models/call-limits.ts";
import { capabilitiesOf, type PromptCachingSupport } from "@nocp/models/capabilities.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { AnswerReader, ProviderCall } from "@nocp/models/provider.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { type AnswerStream, createAnswerStream } from "./answer-stream.ts";
import { type AttemptInput, type AttemptOutcome, attemptCompletion, type CountedCompletion } from "./attempt-completion.ts";
import type { AttemptObserver } from "./attempt-observer.ts";
import { affordableOutputTokens, type CostCap } from "./cost-cap.ts";
import { type FallbackWishes, isFinal, limitsBefore, retryPauseMs, verdictOf } from "./fallback-policy.ts";
import { type CallGate, type GatedRequest, hasPassed } from "./gates/call-gate.ts";
import { openRoute, passGates } from "./gates/pass-gates.ts";
import { type InstalledProvider, installedFor } from "./installed-provider.ts";
import type { SkippedCandidate } from "./routing/route-record.ts";

export interface RoutedCall extends Pick<AttemptInput, "sessionId" | "recordContent" | "formerNames" | "countTokens"> {
  readonly route: readonly RouteCandidate[];
  readonly providers: readonly InstalledProvider[];
  /** The call without what depends on the candidate. */
  readonly call: Omit<ProviderCall, "model" | "maxOutputTokens" | keyof AnswerReader>;
  /** `spentUsd` is what was spent before this delivery and in `earlier`. */
  readonly costCap: CostCap;
  /** Calls of this step in earlier deliveries. */
  readonly earlier: readonly ProviderAttempt[];
  /** Calls of this delivery that were made for the step already. */
  readonly before: readonly ProviderAttempt[];
  readonly streams: boolean;
  /** Whether a tool is the caller's to run: who reads the stream is shown calls of no others. */
  readonly isCallers: (tool: string) => boolean;
  /** Called before each call after the first: what those before it cost must outlive the process. Never rejects. */
  readonly keepCalls: (attempts: readonly ProviderAttempt[], next: RouteCandidate) => Promise<void>;
  readonly wishes: FallbackWishes;
  /** Hear of every call. */
  readonly observers: readonly AttemptObserver[];
  /** The most output tokens that a candidate writes; Infinity where nobody says. */
  readonly outputLimitOf: (candidate: RouteCandidate) => number;
  /** What each call passes before it is made, in this order. */
  readonly gates: readonly CallGate[];
  readonly request: GatedRequest;
  /** In [0, 1). */
  readonly random: () => number;
  /** @throws the signal's reason when it fires. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** Every call that was made in this delivery, and what came of them. */
export type RoutedOutcome = {
  readonly attempts: readonly ProviderAttempt[];
  /** Candidates that were not called when their turn came. */
  readonly skipped: readonly SkippedCandidate[];
} & (
  | { readonly completion: CountedCompletion; readonly candidate: RouteCandidate }
  /** One that stands for all failures, the reason of the context's signal, or what nobody foresaw. */
  | { readonly error: unknown }
);

/** Never rejects. Each call is on the bill (`recordCall`) before anything else can go wrong. */
export async function completeWithFallback(routed: RoutedCall, context: HandlerContext): Promise<RoutedOutcome> {
  const { wishes, random, wait, gates, request } = routed;
  const { candidates: route, refused } = await openRoute(gates, routed.route, request);
  const attempts: ProviderAttempt[] = [...routed.before];
  const skipped: SkippedCandidate[] = refused.map(({ candidate, error }) => ({ ...candidate, why: error.code }));
  const failures: NocpError[] = refused.map(({ error }) => error);
  const stream = createAnswerStream(context, routed.isCallers);
  for (const [index, candidate] of route.entries()) {
    const candidatesLeft = route.length - index;
    for (let calls = 1; ; calls++) {
      const input = attemptInput(routed, candidate, { attempts, candidatesLeft, stream }, context);
      if (input instanceof NocpError) {
        skipped.push({ ...candidate, why: input.code });
        failures.push(input);
        break;
      }
      const passage = await passGates(gates, { input, request, candidatesLeft }, context);
      if (!hasPassed(passage)) {
        const { error, comesBack } = passage;
        if (!(error instanceof NocpError)) return { attempts, skipped, error };
        failures.push(error);
        skipped.push({ ...candidate, why: error.code });
        if (comesBack) return { attempts, skipped, error };
        break;
      }
      if (attempts.length > 0) await routed.keepCalls(attempts, candidate);
      const outcome = await observedAttempt(input, routed.observers, context);
      passage.done(outcome);
      attempts.push(outcome.attempt);
      context.recordCall(outcome.attempt);
      if ("completion" in outcome)
        return { attempts, skipped, completion: withWarnings(outcome.completion, passage.warnings), candidate };
      const { error, wrote } = outcome;
      if (context.signal.aborted || !(error instanceof NocpError)) return { attempts, skipped, error };
      failures.push(error);
      if (isFinal(error, wishes)) return { attempts, skipped, error: verdictOf(failures, wishes) };
      const failed = { error, wrote, calls, isLastCandidate: candidatesLeft === 1, random: random() };
      const pauseMs = wishes.sameModel ? retryPauseMs(failed) : undefined;
      if (pauseMs === undefined) break;
      try {
        await pauseForProvider(pauseMs, wait, context);
      } catch (reason) {
        return { attempts, skipped, error: reason };
      }
    }
  }
  return { attempts, skipped, error: verdictOf(failures, wishes) };
}

async function pauseForProvider(pauseMs: number, wait: RoutedCall["wait"], context: HandlerContext): Promise<void> {
  const startedMs = context.elapsedMs();
  try {
    await wait(pauseMs, context.signal);
  } finally {
    context.recordProviderWait(context.elapsedMs() - startedMs);
  }
}

async function observedAttempt(
  input: AttemptInput,
  observers: readonly AttemptObserver[],
  context: HandlerContext,
): Promise<AttemptOutcome> {
  const ends = observers.map((observer) => observer.begin(input.candidate));
  const outcome = await attemptCompletion(input, context);
  const isAborted = context.signal.aborted && !("completion" in outcome);
  for (const end of ends) end(outcome, isAborted);
  return outcome;
}

const withWarnings = (completion: CountedCompletion, warnings: readonly Warning[] = []): CountedCompletion =>
  warnings.length === 0 ? completion : { ...completion, warnings: [...(completion.warnings ?? []), ...warnings] };

interface RouteProgress {
  /** Made in this delivery. */
  readonly attempts: readonly ProviderAttempt[];
  /** This one included. */
  readonly candidatesLeft: number;
  readonly stream: AnswerStream;
}

/** @returns why the candidate is not called. */
function attemptInput(
  routed: RoutedCall,
  candidate: RouteCandidate,
  { attempts, candidatesLeft, stream }: RouteProgress,
  context: HandlerContext,
): AttemptInput | NocpError {
  const { call, costCap } = routed;
  const installed = installedFor(candidate, routed.providers);
  const reserved = reservationFor(candidate, routed, committedCost(attempts), context.now());
  if (reserved instanceof NocpError) return reserved;
  const { maxOutputTokens, worstCaseUsd } = reserved;
  const limitsFor = (isLastCandidate: boolean) =>
    limitsOfCall(installed.limits, {
      inputTokens: costCap.inputTokens,
      thinks: thinkingOf(candidate, installed, call.reasoningEffort),
      isLastCandidate,
    });
  return {
    ...routed,
    candidate,
    installed,
    call: { ...call, model: candidate.model, maxOutputTokens },
    ...(routed.streams ? { show: stream.ofCall() } : {}),
    number: attempts.length + 1,
    limits: limitsBefore(context.deadlineAt - context.now(), candidatesLeft, limitsFor(candidatesLeft === 1)),
    slowMs: limitsFor(false).ttftMs,
    worstCaseUsd,
  };
}

/** How much a model thinks before it writes: as the request wishes, or else as it does by itself. */
const thinkingOf = (
  { model }: RouteCandidate,
  { capabilities }: InstalledProvider,
  effort: ReasoningEffort | undefined,
): ReasoningEffort | undefined => {
  const { parts, dialect } = capabilitiesOf(capabilities, model);
  if (effort !== undefined && parts.reasoningEffort === "sent") return effort;
  return dialect.thinksUnseen ? "medium" : undefined;
};

export interface Reservation {
  readonly maxOutputTokens: number;
  /** What the call costs at most; `null` when the model has no known price. */
  readonly worstCaseUsd: number | null;
}

export type ReservedCall = Pick<RoutedCall, "route" | "providers" | "call" | "costCap" | "earlier" | "outputLimitOf">;

/** The room under the cost cap that a call of the candidate takes, or why it is not called. @param sinceUsd spent in this start. */
export function reservationFor(
  candidate: RouteCandidate,
  { providers, call, costCap, earlier, outputLimitOf }: Omit<ReservedCall, "route">,
  sinceUsd: number,
  at: number,
): Reservation | NocpError {
  const price = worstPrice(candidate, installedFor(candidate, providers), call, at);
  const cap = {
    ...costCap,
    spentUsd: costCap.spentUsd + sinceUsd,
    maxOutputTokens: Math.min(costCap.maxOutputTokens, outputLimitOf(candidate)),
  };
  const maxOutputTokens = settledFailure(candidate, earlier) ?? outputLimit(candidate, cap, price);
  if (maxOutputTokens instanceof NocpError) return maxOutputTokens;
  return { maxOutputTokens, worstCaseUsd: price(costCap.inputTokens, maxOutputTokens) };
}

/** A candidate that was paid for an answer that nobody can read is not paid for it again. */
const settledFailure = ({ provider, model }: RouteCandidate, earlier: readonly ProviderAttempt[]): NocpError | undefined =>
  earlier.some((call) => call.provider === provider && call.model === model && call.errorCode === "PROVIDER_UNUSABLE_ANSWER")
    ? new NocpError("PROVIDER_UNUSABLE_ANSWER", `${provider} (${model}) gave an unusable answer before; it is not asked again`)
    : undefined;

type Price = (inputTokens: number, outputTokens: number) => number | null;

/** All input is written to the vendor's cache, where that is asked for, and each of the answers takes all output tokens. */
const worstPrice = (
  { model }: RouteCandidate,
  { pricing, capabilities }: InstalledProvider,
  { n = 1, ...call }: RoutedCall["call"],
  at: number,
): Price => {
  const written = longestMark(call, capabilitiesOf(capabilities, model).promptCaching);
  return (inputTokens, outputTokens) => costOf(worstUsage(inputTokens, outputTokens * n, written), pricing, model, at);
};

/** The longest time that the vendor may be asked to keep a part of the prompt; undefined for none. */
function longestMark(
  { messages, tools, promptCaching }: RoutedCall["call"],
  { marks: most, oneHour }: PromptCachingSupport,
): CacheTtl | undefined {
  const marks = [...messages, ...messages.flatMap(({ parts = [] }) => parts), ...tools].flatMap(({ cache }) => cache?.ttl ?? []);
  if (most === 0 || promptCaching?.mode === "off") return undefined;
  if (promptCaching?.mode === "auto") marks.push(promptCaching.ttl);
  return oneHour && marks.includes("1h") ? "1h" : marks.length > 0 ? "5m" : undefined;
}

function outputLimit({ provider, model }: RouteCandidate, costCap: CostCap, price: Price): number | NocpError {
  try {
    return affordableOutputTokens(costCap, price, `${provider}/${model}`);
  } catch (error) {
    if (error instanceof NocpError) return error;
    throw error;
  }
}

const worstUsage = (inputTokens: number, outputTokens: number, written: CacheTtl | undefined): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: written === undefined ? 0 : inputTokens,
  cacheWriteOneHourTokens: written === "1h" ? inputTokens : 0,
  reasoningTokens: 0,
  source: "counted",
});

// Tries the candidates of a route in order until one answers.
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { ProviderCall } from "@nocp/models/provider.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { type AttemptInput, attemptCompletion, type CountedCompletion } from "./attempt-completion.ts";
import { affordableOutputTokens, type CostCap } from "./cost-cap.ts";
import { attemptTimeoutMs, isFinal, verdictOf } from "./fallback-policy.ts";
import { type InstalledProvider, installedFor } from "./installed-provider.ts";

export interface RoutedCall extends Pick<AttemptInput, "sessionId" | "recordContent" | "countTokens"> {
  readonly route: readonly RouteCandidate[];
  readonly providers: readonly InstalledProvider[];
  /** The call without what depends on the candidate. */
  readonly call: Omit<ProviderCall, "model" | "maxOutputTokens" | "onDelta">;
  /** `spentUsd` is what was spent before this delivery and in `earlier`. */
  readonly costCap: CostCap;
  /** Calls of this step in earlier deliveries. */
  readonly earlier: readonly ProviderAttempt[];
  readonly streams: boolean;
  /** Called before a candidate after the first is called: what those before it cost must outlive the process. Never rejects. */
  readonly keepCalls: (attempts: readonly ProviderAttempt[], next: RouteCandidate) => Promise<void>;
}

/** Every call that was made, and what came of them. */
export type RoutedOutcome = { readonly attempts: readonly ProviderAttempt[] } & (
  | { readonly completion: CountedCompletion; readonly candidate: RouteCandidate }
  /** One that stands for all failures, the reason of the context's signal, or what nobody foresaw. */
  | { readonly error: unknown }
);

/** Never rejects. Each call is on the bill (`recordCall`) before anything else can go wrong. */
export async function completeWithFallback(routed: RoutedCall, context: HandlerContext): Promise<RoutedOutcome> {
  const { route, providers, call, streams, sessionId, recordContent, countTokens } = routed;
  const attempts: ProviderAttempt[] = [];
  const failures: NocpError[] = [];
  const deltas = firstStreamOnly(context);
  for (const [index, candidate] of route.entries()) {
    const installed = installedFor(candidate, providers);
    const reserved = reservationFor(candidate, routed, committedCost(attempts), context.now());
    if (reserved instanceof NocpError) {
      failures.push(reserved);
      continue;
    }
    const { maxOutputTokens, worstCaseUsd } = reserved;
    if (attempts.length > 0) await routed.keepCalls(attempts, candidate);
    const outcome = await attemptCompletion(
      {
        candidate,
        installed,
        call: { ...call, model: candidate.model, maxOutputTokens, ...(streams ? { onDelta: deltas.of(index) } : {}) },
        number: index + 1,
        timeoutMs: attemptTimeoutMs(installed.timeoutMs, context.deadlineAt - context.now(), route.length - index),
        sessionId,
        recordContent,
        countTokens,
        worstCaseUsd,
      },
      context,
    );
    attempts.push(outcome.attempt);
    context.recordCall(outcome.attempt);
    if ("completion" in outcome) {
      if (streams && outcome.completion.toolRequests.length === 0) deltas.end(index);
      return { attempts, completion: outcome.completion, candidate };
    }
    const { error } = outcome;
    if (context.signal.aborted || !(error instanceof NocpError)) return { attempts, error };
    failures.push(error);
    if (isFinal(error)) break;
  }
  return { attempts, error: verdictOf(failures) };
}

export interface Reservation {
  readonly maxOutputTokens: number;
  /** What the call costs at most; `null` when the model has no known price. */
  readonly worstCaseUsd: number | null;
}

export type ReservedCall = Pick<RoutedCall, "route" | "providers" | "call" | "costCap" | "earlier">;

/** The room under the cost cap that a call of the candidate takes, or why it is not called. @param sinceUsd spent in this start. */
export function reservationFor(
  candidate: RouteCandidate,
  { providers, call, costCap, earlier }: Omit<ReservedCall, "route">,
  sinceUsd: number,
  at: number,
): Reservation | NocpError {
  const price = worstPrice(candidate, installedFor(candidate, providers), call.n ?? 1, at);
  const cap = { ...costCap, spentUsd: costCap.spentUsd + sinceUsd };
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

/** @param answers how many are asked for at once, each of up to the output tokens. */
const worstPrice =
  ({ model }: RouteCandidate, { pricing }: InstalledProvider, answers: number, at: number): Price =>
  (inputTokens, outputTokens) =>
    costOf(uncached(inputTokens, outputTokens * answers), pricing, model, at);

function outputLimit({ provider, model }: RouteCandidate, costCap: CostCap, price: Price): number | NocpError {
  try {
    return affordableOutputTokens(costCap, price, `${provider}/${model}`);
  } catch (error) {
    if (error instanceof NocpError) return error;
    throw error;
  }
}

const uncached = (inputTokens: number, outputTokens: number): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  source: "counted",
});

/**
 * A reader tells only deliveries apart, so within one delivery it is shown one answer: the first that says anything.
 * When that one breaks off and another candidate answers, the stream stays open-ended and the result has the whole.
 */
function firstStreamOnly(context: HandlerContext) {
  let shown: number | undefined;
  return {
    of: (index: number) => (text: string) => {
      shown ??= index;
      if (shown === index) context.delta(text);
    },
    end: (index: number) => {
      if (shown === undefined || shown === index) context.delta("", true);
    },
  };
}

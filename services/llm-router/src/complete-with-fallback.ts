// Tries the candidates of a route in order until one answers.
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
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
  readonly costCap: CostCap;
  readonly streams: boolean;
}

/** Every call that was made, and what came of them. */
export type RoutedOutcome = { readonly attempts: readonly ProviderAttempt[] } & (
  | { readonly completion: CountedCompletion; readonly candidate: RouteCandidate }
  /** One that stands for all failures, the reason of the context's signal, or what nobody foresaw. */
  | { readonly error: unknown }
);

/** Never rejects. Each call is on the bill (`recordCall`) before anything else can go wrong. */
export async function completeWithFallback(routed: RoutedCall, context: HandlerContext): Promise<RoutedOutcome> {
  const { route, providers, call, costCap, streams, sessionId, recordContent, countTokens } = routed;
  const attempts: ProviderAttempt[] = [];
  const failures: NocpError[] = [];
  const deltas = firstStreamOnly(context);
  for (const [index, candidate] of route.entries()) {
    const installed = installedFor(candidate, providers);
    const maxOutputTokens = outputLimit(candidate, installed, costCap, context.now());
    if (maxOutputTokens instanceof NocpError) {
      failures.push(maxOutputTokens);
      continue;
    }
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

function outputLimit(
  candidate: RouteCandidate,
  { pricing }: InstalledProvider,
  costCap: CostCap,
  at: number,
): number | NocpError {
  const price = (inputTokens: number, outputTokens: number): number | null =>
    costOf(uncached(inputTokens, outputTokens), pricing, candidate.model, at);
  try {
    return affordableOutputTokens(costCap, price, `${candidate.provider}/${candidate.model}`);
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

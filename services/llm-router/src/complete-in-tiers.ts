// When no candidate answers a request as it is and no later try would help: a smaller request, then an extract of the context.

import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import { type Prompt, wholeContext } from "@nocp/contracts/prompt.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { completeWithFallback, type RoutedCall, type RoutedOutcome } from "./complete-with-fallback.ts";
import { isFinal } from "./fallback-policy.ts";
import { type ReducedCall, reductionOf, withPrompt } from "./reduction/reduce-call.ts";
import type { RoutePlan } from "./routing/plan-route.ts";
import type { PromptWork } from "./workers/prompt-work.ts";

export interface TieredCall extends RoutedCall {
  readonly plan: RoutePlan;
  /** Tokens of prompt and answer together; Infinity where nobody says. */
  readonly windowOf: (candidate: RouteCandidate) => number;
  readonly counterFor: (model: string) => TokenCounter;
  /** The built-in provider that quotes the context, where a degraded answer is wanted. */
  readonly extractive: RouteCandidate | undefined;
  readonly reduceToFit: PromptWork["reduceToFit"];
  /** How often the message is tried before it fails. */
  readonly maxAttempts: number;
}

/** What was answered in place of the request as it came. */
export interface Instead {
  /** For the route of the result. */
  readonly why: string;
  /** That was sent. */
  readonly prompt: Prompt;
  readonly warning: Warning;
}

export type TieredOutcome = RoutedOutcome & { readonly instead?: Instead };

/** A model that was too small is asked once more, and not many are. */
const mostReduced = 2;

/** Never rejects. @see completeWithFallback */
export async function completeInTiers(routed: TieredCall, context: HandlerContext): Promise<TieredOutcome> {
  const outcome = await completeWithFallback(routed, context);
  if (!("error" in outcome) || !isLastChance(outcome.error, routed, context)) return outcome;
  let last = outcome;
  for (const { candidate, reduced } of routed.wishes.smaller ? await reducedCalls(routed, outcome, context.signal) : []) {
    const asked = await completeWithFallback(smallerCall(routed, candidate, reduced, last), context);
    if (!("error" in asked)) return { ...asked, instead: smallerInstead(reduced) };
    last = { ...asked, skipped: outcome.skipped };
    if (context.signal.aborted) return last;
  }
  const failed = { ...last, error: outcome.error };
  const { extractive } = routed;
  if (extractive === undefined || wholeContext(routed.call.prompt) === "" || routed.call.prompt.framing === "none") return failed;
  const quoted = await completeWithFallback({ ...routed, route: [extractive], before: last.attempts }, context);
  return "error" in quoted ? failed : { ...quoted, skipped: outcome.skipped, instead: extractInstead(routed.call.prompt) };
}

/** Whether the request would end with the error: no later try is allowed or useful. */
function isLastChance(error: unknown, { wishes, maxAttempts }: TieredCall, context: HandlerContext): error is NocpError {
  if (context.signal.aborted || !(error instanceof NocpError) || isFinal(error, wishes)) return false;
  if (!error.mayPass) return true;
  const comesTooLate = context.now() + (error.retryAfterMs ?? 0) >= context.deadlineAt;
  return comesTooLate || (error.disposition === "retry" && context.attempt >= maxAttempts);
}

interface SmallerCall {
  readonly candidate: RouteCandidate;
  readonly reduced: ReducedCall;
}

/** Those who refused the prompt for its length, and those who were left out for it. */
async function reducedCalls(routed: TieredCall, { attempts }: RoutedOutcome, signal: AbortSignal): Promise<SmallerCall[]> {
  const { plan, call, costCap, windowOf, counterFor, reduceToFit } = routed;
  const refused = plan.candidates.filter(({ provider, model }) =>
    attempts.some((one) => one.provider === provider && one.model === model && one.errorCode === "CONTEXT_LENGTH_EXCEEDED"),
  );
  const tooSmall = plan.unfit.filter(({ isTooSmall }) => isTooSmall);
  const reduced = [...refused, ...tooSmall].slice(0, mostReduced).map(async ({ provider, model }): Promise<SmallerCall[]> => {
    const candidate = { provider, model };
    const { inputTokens, maxOutputTokens } = costCap;
    const window = windowOf(candidate);
    // A window that is large enough by the tables and refused the prompt all the same is not known.
    const windowTokens = window > inputTokens ? Number.POSITIVE_INFINITY : window;
    const input = { call, inputTokens, maxOutputTokens, windowTokens, counter: counterFor(model) };
    const fitting = await reduceToFit(reductionOf(input), signal);
    return fitting ? [{ candidate, reduced: withPrompt(call, fitting) }] : [];
  });
  return (await Promise.all(reduced)).flat();
}

const smallerCall = (
  routed: TieredCall,
  candidate: RouteCandidate,
  { call, inputTokens, maxOutputTokens }: ReducedCall,
  { attempts }: RoutedOutcome,
): RoutedCall => ({
  ...routed,
  route: [candidate],
  before: attempts,
  call,
  costCap: { ...routed.costCap, inputTokens, maxOutputTokens },
  request: { ...routed.request, inputTokens },
  countTokens: (written, model) => ({ ...routed.countTokens(written, model), inputTokens }),
});

const smallerInstead = ({ reductions, call }: ReducedCall): Instead => {
  const why = `a smaller request: ${reductions.join(", ")}`;
  return { why, prompt: call.prompt, warning: warningOf("REQUEST_REDUCED", `the model was sent ${why}`) };
};

const extractInstead = (prompt: Prompt): Instead => ({
  why: "an extract of the context, for no model answered",
  prompt,
  warning: warningOf("ANSWER_EXTRACTED", "no model answered; this is an extract of the context"),
});

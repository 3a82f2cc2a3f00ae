// The calls of a step in earlier deliveries: those written down, and those lost with the process that made them.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { CallsBefore, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { type ReservedCall, reservationFor } from "./complete-with-fallback.ts";
import { type CompletionRecord, completionKey } from "./completion-record.ts";
import type { PaidAnswer } from "./emission.ts";
import { type PlannedCall, type RoutingDependencies, routedCall } from "./routed-call.ts";

export interface StepDependencies extends RoutingDependencies {
  readonly completions: RecordStore<CompletionRecord>;
}

/** @returns the calls that earlier deliveries of a step made, for a bill without its handler. */
export const createCallsBefore =
  (dependencies: StepDependencies): CallsBefore<"llm-router"> =>
  async ({ body }, context) =>
    (await stepBefore(body, context, dependencies)).earlier;

export interface StepBefore {
  /** Every call of earlier deliveries. */
  readonly earlier: readonly ProviderAttempt[];
  readonly answer?: PaidAnswer | undefined;
  /** Those among them that no record knows yet. */
  readonly newlyLost: readonly ProviderAttempt[];
}

export const newStep: StepBefore = { earlier: [], newlyLost: [] };

/** What earlier deliveries of this message came to, as far as it was written down, and what must have been lost. */
export async function stepBefore(
  body: ContextOptimized,
  context: HandlerContext,
  dependencies: StepDependencies,
): Promise<StepBefore> {
  const record = await dependencies.completions.get(completionKey(context, body.step));
  const lost = lostCalls(record, (earlier) => routedCall(body, earlier, dependencies), context);
  return { earlier: [...(record?.attempts ?? []), ...lost], answer: record?.answer, newlyLost: lost };
}

type RoutedAfter = (earlier: readonly ProviderAttempt[]) => ReservedCall & Pick<PlannedCall, "plan">;

/** Of a call whose outcome nobody knows. */
const code = "CALL_LOST";

/**
 * One call for each start that ended with its process and is not covered by the record: its cost is unknown, and a cap counts
 * what it may have cost at most. Calls that failed before a fallback are in the record, so a start has lost one call at most.
 * @param routedAfter the call as such a start would have made it, after the given calls.
 */
function lostCalls(
  record: CompletionRecord | undefined,
  routedAfter: RoutedAfter,
  { attempt, lostStarts, now }: Pick<HandlerContext, "attempt" | "lostStarts" | "now">,
): ProviderAttempt[] {
  const { attempts = [], starts = 0, calling, answer } = record ?? {};
  // Nobody is called once there is an answer.
  if (answer !== undefined) return [];
  const billed = attempts.filter(({ errorCode }) => errorCode === code).length;
  // A start may have written down its outcome and died before the broker heard of it.
  const count = Math.max(0, Math.min(lostStarts - billed, attempt - 1 - starts));
  const lost: ProviderAttempt[] = [];
  for (let start = 0; start < count; start++) {
    const call = lostCall([...attempts, ...lost], start === 0 ? calling : undefined, routedAfter, now());
    if (call) lost.push(call);
  }
  return lost;
}

/** @returns undefined where no candidate could have been called. */
function lostCall(
  earlier: readonly ProviderAttempt[],
  calling: RouteCandidate | undefined,
  routedAfter: RoutedAfter,
  at: number,
): ProviderAttempt | undefined {
  const lost = { outcome: "failed", errorCode: code, latencyMs: 0, costUsd: null } as const;
  try {
    const routed = routedAfter(earlier);
    const callable = (calling === undefined ? routed.route : [calling]).flatMap(({ provider, model }) => {
      const reserved = reservationFor({ provider, model }, routed, 0, at);
      return reserved instanceof NocpError ? [] : [{ candidate: { provider, model }, worstCaseUsd: reserved.worstCaseUsd }];
    });
    // Where the order may have been another one, the call was at most as expensive as the most expensive of all.
    const called = routed.plan.isRepeatable || calling ? callable[0] : callable.reduce(worse, callable[0]);
    if (called === undefined) return undefined;
    const { candidate, worstCaseUsd } = called;
    if (worstCaseUsd === 0) return { ...lost, ...candidate, costUsd: 0 };
    return { ...lost, ...candidate, ...(worstCaseUsd === null ? {} : { atMostUsd: worstCaseUsd }) };
  } catch (error) {
    // The settings have changed since, and the route is another one.
    if (!(error instanceof NocpError)) throw error;
    return { ...lost, ...(calling ?? { provider: "unknown", model: "unknown" }) };
  }
}

interface CallableCandidate {
  readonly candidate: RouteCandidate;
  /** `null`: unknown, which is worse than any price. */
  readonly worstCaseUsd: number | null;
}

const worse = (one: CallableCandidate | undefined, other: CallableCandidate): CallableCandidate =>
  one && (one.worstCaseUsd ?? Number.POSITIVE_INFINITY) >= (other.worstCaseUsd ?? Number.POSITIVE_INFINITY) ? one : other;

// llm-router: gets the completion of an optimized prompt from the first candidate of its route that can give it.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { answerPieces } from "@nocp/models/answers/answer-pieces.ts";
import { isCountable } from "@nocp/models/tokens/calibration.ts";
import type { Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { createPieceOrder, showPiece } from "./answer-stream.ts";
import type { CountedCompletion } from "./attempt-completion.ts";
import { newStep, type StepDependencies, stepBefore } from "./calls-before.ts";
import { completeInTiers } from "./complete-in-tiers.ts";
import type { RoutedCall } from "./complete-with-fallback.ts";
import { type CompletionRecord, completionKey } from "./completion-record.ts";
import { callersTools, emissionOf, endsAnswer, type PaidAnswer } from "./emission.ts";
import type { CalibrationLearner } from "./learn-calibration.ts";
import { type PlannedCall, routedCall } from "./routed-call.ts";
import { economyPlan } from "./routing/economy-plan.ts";
import { routeRecord } from "./routing/route-record.ts";
import type { PromptWork } from "./workers/prompt-work.ts";

export interface LlmRouterDependencies extends StepDependencies {
  readonly reference: RouteCandidate;
  readonly work: PromptWork;
  /** Learns from what a provider billed. */
  readonly calibration: Pick<CalibrationLearner, "observe">;
}

/** @returns a handler from `context.optimized` to `completion.received`, or to `tools.requested` when the model asks for tools. */
export function createHandler(dependencies: LlmRouterDependencies): Handle<"llm-router"> {
  const { completions, work, providers, reference, settings } = dependencies;
  return async ({ body }, context) => {
    const emissionFor = (attempts: readonly ProviderAttempt[], answer: PaidAnswer, prompt = body.prompt) =>
      emissionOf({
        body: { ...body, prompt },
        attempts,
        answer,
        providers,
        reference,
        maxToolRounds: settings.maxToolRounds,
        at: context.now(),
      });

    const key = completionKey(context, body.step);
    if (context.mayBeRepeated) {
      await waitForOthers(context, dependencies);
      if (await hasMovedOn(context)) return [];
    }
    const before = context.mayBeRepeated ? await stepBefore(body, context, dependencies) : newStep;
    const { earlier } = before;
    for (const call of earlier) context.recordCall(call);
    if (before.answer) {
      const emission = emissionFor(earlier, before.answer);
      if (body.request.stream && endsAnswer(emission)) tellAgain(before.answer, callersTools(body), context);
      return [emission];
    }
    const write = (record: Omit<CompletionRecord, "starts">, starts: number) => completions.put(key, { ...record, starts });
    // What cannot be written down is billed by the context alone, and a lost call is found again at the next start.
    const tryToWrite: typeof write = (record, starts) => write(record, starts).catch(() => undefined);
    const planned = await withinSoftLimits(routedCall(body, earlier, dependencies), dependencies);
    if (before.newlyLost.length > 0) {
      await tryToWrite({ attempts: [...earlier] }, context.attempt - 1);
      for (const observer of planned.observers) observer.lost?.(before.newlyLost);
      for (const gate of planned.gates) await gate.lost?.(before.newlyLost, planned.request);
    }

    const { schema, verbatim } = body.request.output;
    if (schema !== undefined && !verbatim) await work.checkSchema(schema, context.signal);
    const keepCalls: RoutedCall["keepCalls"] = (calls, calling) =>
      tryToWrite({ attempts: [...earlier, ...calls], calling }, context.attempt - 1);
    const outcome = await completeInTiers({ ...planned, keepCalls }, context);
    const attempts = [...earlier, ...outcome.attempts];
    if ("error" in outcome) {
      // A start that is given back, or waits, is not counted: the next one has its number.
      const starts = context.signal.aborted || isWait(outcome.error) ? context.attempt - 1 : context.attempt;
      if (outcome.attempts.length > 0 && isTriedAgain(outcome.error)) await tryToWrite({ attempts }, starts);
      context.recordRoute(routeRecord(planned.plan, { attempts, skipped: outcome.skipped }));
      throw outcome.error;
    }
    const { instead } = outcome;
    if (!instead) learnFrom(outcome, body, dependencies);
    const route = routeRecord(planned.plan, { ...outcome, attempts, instead: instead?.why });
    const paid = paidAnswer(outcome.candidate.provider, outcome.completion);
    const answer = { ...paid, route, warnings: instead ? [...paid.warnings, instead.warning] : paid.warnings };
    const emission = emissionFor(attempts, answer, instead?.prompt);
    if (body.request.stream && endsAnswer(emission)) context.delta("", true);
    const keep = () => write({ attempts, answer }, context.attempt);
    // A message to articulate is its own record. One to act is gone when act has handled it, and after an abort there is none.
    if (emission.fact === "tools.requested" || context.signal.aborted) await keep();
    return [{ ...emission, onDelay: keep }];
  };
}

/** Of an answer that was paid for before: its reader may have seen a part of it, or nothing. */
function tellAgain(
  { completion, toolRequests }: PaidAnswer,
  isCallers: (tool: string) => boolean,
  context: HandlerContext,
): void {
  const show = createPieceOrder(isCallers, (piece) => showPiece(piece, context));
  for (const piece of answerPieces({ ...completion, toolRequests, answer: completion.text })) show(piece);
  context.delta("", true);
}

/** A replica that made a call through an outage of the broker publishes the answer when it has reached the broker again. */
const othersPublishMs = 2_000;

/**
 * After an outage a message may have been handed out that another replica still holds from before, perhaps with its answer: that
 * one gets the time to publish it, so that the call is not paid for again.
 */
async function waitForOthers({ sinceOutageMs, signal }: HandlerContext, { wait }: LlmRouterDependencies): Promise<void> {
  const leftMs = othersPublishMs - sinceOutageMs();
  if (leftMs > 0) await wait(leftMs, signal);
}

/** A budget beyond its soft limit may ask for a cheaper tier. */
async function withinSoftLimits(planned: PlannedCall, { routing }: LlmRouterDependencies): Promise<PlannedCall> {
  for (const gate of planned.gates) {
    if (!(gate.wantsEconomy && (await gate.wantsEconomy(planned.route, planned.request)))) continue;
    const plan = economyPlan(planned.plan, planned.routeRequest, routing);
    return { ...planned, plan, route: plan.candidates };
  }
  return planned;
}

/** In this order, which is the request's own: it may be on its way meanwhile. */
const hasMovedOn = async ({ isStored }: HandlerContext): Promise<boolean> =>
  (await isStored("completion.received")) || (await isStored("response.ready"));

const isTriedAgain = (error: unknown): boolean => !(error instanceof NocpError) || error.mayPass;
const isWait = (error: unknown): boolean => error instanceof NocpError && error.disposition === "wait";

function learnFrom(
  { completion, candidate }: { readonly completion: CountedCompletion; readonly candidate: RouteCandidate },
  { counting, inputTokens, prompt }: ContextOptimized,
  { calibration }: LlmRouterDependencies,
): void {
  const { source, inputTokens: billedTokens } = completion.usage;
  if (source !== "provider" || !isCountable(prompt)) return;
  calibration.observe({ model: candidate.model, counting, countedTokens: inputTokens.optimized, billedTokens });
}

const paidAnswer = (
  provider: string,
  { toolRequests, warnings = [], confidence, reasoningItems, alternatives, ...completion }: CountedCompletion,
): PaidAnswer => ({
  completion: {
    ...completion,
    provider,
    ...(reasoningItems === undefined ? {} : { reasoningItems: [...reasoningItems] }),
    ...(alternatives === undefined ? {} : { alternatives: [...alternatives] }),
    ...(confidence === undefined ? {} : { providerConfidence: confidence }),
  },
  toolRequests: [...toolRequests],
  warnings: [...warnings],
});

// llm-router: gets the completion of an optimized prompt from the first candidate of its route that can give it.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import type { RouteCandidate, ToolChoice } from "@nocp/contracts/request.ts";
import type { Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import type { CountedCompletion } from "./attempt-completion.ts";
import { completeWithFallback, type RoutedCall } from "./complete-with-fallback.ts";
import { type CompletionRecord, completionKey } from "./completion-record.ts";
import { emissionOf, type PaidAnswer, toolsAreLeft } from "./emission.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import type { CalibrationLearner } from "./learn-calibration.ts";
import { type RouteSettings, routeOf } from "./route.ts";
import type { CheckSchema } from "./schema-check.ts";

export interface LlmRouterDependencies {
  readonly providers: readonly InstalledProvider[];
  readonly completions: RecordStore<CompletionRecord>;
  readonly settings: RouteSettings & { readonly maxToolRounds: number; readonly maxOutputTokens: number };
  readonly reference: RouteCandidate;
  readonly recordContent: boolean;
  readonly checkSchema: CheckSchema;
  /** Tokens of a text as the model counts them. */
  readonly countTokens: (text: string, model: string) => number;
  /** Learns from what a provider billed. */
  readonly calibration: Pick<CalibrationLearner, "observe">;
}

/** @returns a handler from `context.optimized` to `completion.received`, or to `tools.requested` when the model asks for tools. */
export function createHandler(dependencies: LlmRouterDependencies): Handle<"llm-router"> {
  const { completions, checkSchema, providers, reference, settings } = dependencies;
  return async ({ body }, context) => {
    const emissionFor = (attempts: readonly ProviderAttempt[], answer: PaidAnswer) =>
      emissionOf({ body, attempts, answer, providers, reference, maxToolRounds: settings.maxToolRounds, at: context.now() });

    const key = completionKey(context, body.step);
    if (context.mayBeRepeated && (await hasMovedOn(context))) return [];
    const recorded = context.mayBeRepeated ? await completions.get(key) : undefined;
    const earlier = recorded?.attempts ?? [];
    for (const call of earlier) context.recordCall(call);
    if (recorded?.answer) {
      if (body.request.stream && recorded.answer.toolRequests.length === 0) context.delta(recorded.answer.completion.text, true);
      return [emissionFor(earlier, recorded.answer)];
    }

    if (body.request.output.schema !== undefined) await checkSchema(body.request.output.schema);
    const outcome = await completeWithFallback(routedCall(body, earlier, dependencies), context);
    const attempts = [...earlier, ...outcome.attempts];
    if ("error" in outcome) {
      // What cannot be written down is billed by the context alone.
      if (outcome.attempts.length > 0 && isTriedAgain(outcome.error))
        await completions.put(key, { attempts }).catch(() => undefined);
      throw outcome.error;
    }
    learnFrom(outcome, body, dependencies);
    const answer = paidAnswer(outcome.candidate.provider, outcome.completion);
    const emission = emissionFor(attempts, answer);
    const keep = () => completions.put(key, { attempts, answer });
    // A message to articulate is its own record. One to act is gone when act has handled it, and after an abort there is none.
    if (emission.fact === "tools.requested" || context.signal.aborted) await keep();
    return [{ ...emission, onDelay: keep }];
  };
}

/** In this order, which is the request's own: it may be on its way meanwhile. */
const hasMovedOn = async ({ isStored }: HandlerContext): Promise<boolean> =>
  (await isStored("completion.received")) || (await isStored("response.ready"));

const isTriedAgain = (error: unknown): boolean => !(error instanceof NocpError) || error.disposition === "retry";

function routedCall(
  body: ContextOptimized,
  earlier: readonly ProviderAttempt[],
  dependencies: LlmRouterDependencies,
): RoutedCall {
  const { settings, providers, recordContent, countTokens } = dependencies;
  const { routing, generation, limits, output, session, stream } = body.request;
  return {
    route: routeOf(routing, providers, settings),
    providers,
    call: {
      messages: promptMessages(body.prompt),
      prompt: body.prompt,
      tools: body.prompt.tools,
      toolChoice: toolChoiceOf(body, settings.maxToolRounds),
      ...(routing.temperature === undefined ? {} : { temperature: routing.temperature }),
      ...generation,
      ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
    },
    costCap: {
      maxCostUsd: limits.maxCostUsd,
      spentUsd: committedCost([...body.spent.attempts, ...earlier]),
      inputTokens: body.inputTokens.optimized,
      maxOutputTokens: limits.maxOutputTokens ?? settings.maxOutputTokens,
    },
    earlier,
    streams: stream,
    sessionId: session?.id,
    recordContent,
    // The input as counted by assess, over the very messages that were sent.
    countTokens: (written, model) => ({
      inputTokens: body.inputTokens.optimized,
      outputTokens: written.reduce((sum, text) => sum + countTokens(text, model), 0),
    }),
  };
}

/** A choice is forced once: what the model does with the result is its own. */
function toolChoiceOf(body: ContextOptimized, maxToolRounds: number): ToolChoice {
  const { toolChoice, callerTools } = body.request;
  if (callerTools.length === 0 && !toolsAreLeft(body, maxToolRounds)) return "none";
  return body.step === 0 || toolChoice === "none" ? toolChoice : "auto";
}

function learnFrom(
  { completion, candidate }: { readonly completion: CountedCompletion; readonly candidate: RouteCandidate },
  { counting, inputTokens }: ContextOptimized,
  { calibration }: LlmRouterDependencies,
): void {
  const { source, inputTokens: billedTokens } = completion.usage;
  if (source !== "provider") return;
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

// llm-router: gets the completion of an optimized prompt from the first candidate of its route that can give it.
import type { ProviderAttempt, Usage, Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { knownCost } from "@nocp/models/prices/cost-of-usage.ts";
import type { Emission, Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { billOf } from "./bill.ts";
import { completeWithFallback, type FallbackDependencies } from "./complete-with-fallback.ts";
import { type CompletionRecord, completionKey } from "./completion-record.ts";
import type { CalibrationLearner } from "./learn-calibration.ts";
import { type RouteSettings, routeOf } from "./route.ts";
import type { CheckSchema } from "./schema-check.ts";

export interface LlmRouterDependencies {
  readonly providers: FallbackDependencies["providers"];
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
export function createHandler(dependencies: LlmRouterDependencies): Handle<"context.optimized"> {
  const { completions, checkSchema } = dependencies;
  return async ({ body }, context) => {
    const key = completionKey(body.requestId, body.step);
    if (context.mayBeRepeated && (await hasMovedOn(context))) return [];
    const recorded = context.mayBeRepeated ? await completions.get(key) : undefined;
    for (const call of recorded?.attempts ?? []) context.recordCall(call);
    if (recorded?.answer) {
      if (body.request.stream && recorded.answer.toolRequests.length === 0) context.delta(recorded.answer.completion.text, true);
      return [emissionOf(body, recorded, recorded.answer, dependencies, context)];
    }
    if (body.request.output.schema !== undefined) await checkSchema(body.request.output.schema);
    const record = await paidRecord(body, recorded?.attempts ?? [], key, dependencies, context);
    const emission = emissionOf(body, record, record.answer, dependencies, context);
    const keep = () => completions.put(key, record);
    // A message to articulate is its own record. One to act is gone when act has handled it, and after an abort there is none.
    if (emission.fact === "tools.requested" || context.signal.aborted) await keep();
    return [{ ...emission, onDelay: keep }];
  };
}

/** In this order, which is the request's own: it may be on its way meanwhile. */
const hasMovedOn = async ({ isStored }: HandlerContext): Promise<boolean> =>
  (await isStored("completion.received")) || (await isStored("response.ready"));

type Answer = NonNullable<CompletionRecord["answer"]>;

/** Pays for a completion. Calls that led to none are written down. */
async function paidRecord(
  body: ContextOptimized,
  earlier: CompletionRecord["attempts"],
  key: string,
  dependencies: LlmRouterDependencies,
  context: HandlerContext,
): Promise<CompletionRecord & { readonly answer: Answer }> {
  const { completions } = dependencies;
  const attempts = [...earlier];
  const onAttempt = (attempt: ProviderAttempt) => {
    attempts.push(attempt);
    context.recordCall(attempt);
  };
  const routed = { ...fallbackFor(body, dependencies), onAttempt };
  const { completion, candidate } = await completeWithFallback(routedCall(body, earlier, dependencies), routed, context).catch(
    async (error: unknown) => {
      // What cannot be written down is billed by the context alone.
      if (attempts.length > earlier.length && isTriedAgain(error))
        await completions.put(key, { attempts }).catch(() => undefined);
      throw error;
    },
  );
  const { text, finishReason, model, usage, confidence, toolRequests } = completion;
  if (usage.source === "provider") {
    const { counting, inputTokens } = body;
    const billed = { countedTokens: inputTokens.optimized, billedTokens: usage.inputTokens };
    dependencies.calibration.observe({ model: candidate.model, counting, ...billed });
  }
  return {
    attempts,
    answer: {
      completion: {
        text,
        finishReason,
        provider: candidate.provider,
        model,
        usage,
        ...(confidence === undefined ? {} : { providerConfidence: confidence }),
      },
      toolRequests: [...toolRequests],
    },
  };
}

const isTriedAgain = (error: unknown): boolean => !(error instanceof NocpError) || error.disposition === "retry";

const toolsAreLeft = ({ step, source }: ContextOptimized, { settings }: LlmRouterDependencies): boolean =>
  source !== undefined && step < settings.maxToolRounds;

function routedCall(body: ContextOptimized, earlier: CompletionRecord["attempts"], dependencies: LlmRouterDependencies) {
  const { settings, providers } = dependencies;
  const { routing, limits, output, session, stream } = body.request;
  return {
    route: routeOf(routing, providers, settings),
    call: {
      messages: promptMessages(body.prompt),
      prompt: body.prompt,
      tools: body.prompt.tools,
      toolChoice: toolsAreLeft(body, dependencies) ? ("auto" as const) : ("none" as const),
      ...(routing.temperature === undefined ? {} : { temperature: routing.temperature }),
      ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
    },
    costCap: {
      maxCostUsd: limits.maxCostUsd,
      spentUsd: knownCost([...body.spent.attempts, ...earlier].map(({ costUsd }) => costUsd)),
      inputTokens: body.inputTokens.optimized,
      maxOutputTokens: limits.maxOutputTokens ?? settings.maxOutputTokens,
    },
    streams: stream,
    sessionId: session?.id,
  };
}

function fallbackFor(
  body: ContextOptimized,
  { providers, recordContent, countTokens }: LlmRouterDependencies,
): Omit<FallbackDependencies, "onAttempt"> {
  return {
    providers,
    recordContent,
    countUsage: ({ text, toolRequests }, model): Usage => ({
      // Counted by assess, over the very messages that were sent.
      inputTokens: body.inputTokens.optimized,
      outputTokens:
        countTokens(text, model) +
        toolRequests.reduce((sum, request) => sum + countTokens(JSON.stringify(request.arguments), model), 0),
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: "counted",
    }),
  };
}

function emissionOf(
  body: ContextOptimized,
  record: CompletionRecord,
  answer: Answer,
  dependencies: LlmRouterDependencies,
  context: HandlerContext,
): Emission {
  const { completion, toolRequests } = answer;
  const { prompt, source, spent, counting: _counting, ...rest } = body;
  const attempts = [...spent.attempts, ...record.attempts];
  const { spentUsd, cost } = billOf({
    attempts,
    usage: completion.usage,
    model: completion.model,
    inputTokens: body.inputTokens,
    pricingOf: (provider) => dependencies.providers.find(({ name }) => name === provider)?.pricing ?? { kind: "unknown" },
    reference: dependencies.reference,
    at: context.now(),
  });
  const spentNow = { attempts, costUsd: spentUsd };
  if (toolRequests.length > 0 && source !== undefined && toolsAreLeft(body, dependencies)) {
    const { inputTokens: _tokens, strategies: _strategies, archived: _archived, toolSummaries: _summaries, ...carried } = rest;
    return {
      fact: "tools.requested",
      body: {
        ...carried,
        ...source,
        step: body.step + 1,
        spent: spentNow,
        pending: { text: completion.text, requests: toolRequests },
      },
    };
  }
  return {
    fact: "completion.received",
    body: {
      ...rest,
      warnings: [...body.warnings, ...warningsOf(body, answer)],
      completion,
      context: prompt.context,
      spent: spentNow,
      cost,
    },
  };
}

function warningsOf(body: ContextOptimized, { completion, toolRequests }: Answer): Warning[] {
  const warnings: Warning[] = [];
  if (toolRequests.length > 0) {
    warnings.push(warningOf("TOOL_ROUNDS_EXHAUSTED", "the model asked for more tools than router.maxToolRounds allows"));
  }
  if (completion.finishReason === "length") {
    warnings.push(warningOf("ANSWER_CUT", `the answer stops at ${completion.usage.outputTokens} tokens, the limit`));
  }
  if (body.request.limits.maxCostUsd !== undefined && completion.usage.source === "counted") {
    warnings.push(warningOf("COST_ESTIMATED", "the provider sent no usage: cost and cap rest on NOCP's own count"));
  }
  if (body.request.limits.maxCostUsd !== undefined && body.spent.attempts.some(hasUnknownCost)) {
    warnings.push(warningOf("COST_PARTLY_UNKNOWN", "an earlier call has no known price: the cap does not count it"));
  }
  return warnings;
}

const hasUnknownCost = ({ usage, costUsd }: ProviderAttempt): boolean => usage !== undefined && costUsd === null;

// llm-router: gets the completion of an optimized prompt from the first candidate of its route that can give it.
import type { Usage, Warning } from "@nocp/shared/contracts/accounting.ts";
import type { ContextOptimized } from "@nocp/shared/contracts/messages.ts";
import { promptMessages } from "@nocp/shared/contracts/prompt.ts";
import type { RouteCandidate } from "@nocp/shared/contracts/request.ts";
import { NocpError } from "@nocp/shared/errors/nocp-error.ts";
import { warningOf } from "@nocp/shared/errors/warning-catalogue.ts";
import type { Emission, Handle, HandlerContext, RecordStore } from "@nocp/shared/messaging/handler.ts";
import { billOf } from "./bill.ts";
import { completeWithFallback, type FallbackDependencies } from "./complete-with-fallback.ts";
import { type CompletionRecord, completionKey } from "./completion-record.ts";
import type { CalibrationLearner } from "./learn-calibration.ts";
import { type RouteSettings, routeOf } from "./route.ts";

export interface LlmRouterDependencies {
  readonly providers: FallbackDependencies["providers"];
  readonly completions: RecordStore<CompletionRecord>;
  readonly settings: RouteSettings & { readonly maxToolRounds: number; readonly maxOutputTokens: number };
  readonly reference: RouteCandidate;
  readonly recordContent: boolean;
  /** Tokens of a text as the model counts them. */
  readonly countTokens: (text: string, model: string) => number;
  /** Learns from what a provider billed. */
  readonly calibration: Pick<CalibrationLearner, "observe">;
}

/** @returns a handler from `context.optimized` to `completion.received`, or to `tools.requested` when the model asks for tools. */
export function createHandler(dependencies: LlmRouterDependencies): Handle<"context.optimized"> {
  const { completions } = dependencies;
  return async ({ body }, context) => {
    const key = completionKey(body.requestId, body.step);
    const recorded = await completions.get(key);
    if (recorded?.answer) {
      if (body.request.stream && recorded.answer.toolRequests.length === 0) context.delta(recorded.answer.completion.text, true);
      return [emissionOf(body, recorded, recorded.answer, dependencies, context)];
    }
    const record = await paidRecord(body, recorded?.attempts ?? [], key, dependencies, context);
    return [emissionOf(body, record, record.answer, dependencies, context)];
  };
}

type Answer = NonNullable<CompletionRecord["answer"]>;

/** Pays for a completion and writes it down before anything else can go wrong. */
async function paidRecord(
  body: ContextOptimized,
  earlier: CompletionRecord["attempts"],
  key: string,
  dependencies: LlmRouterDependencies,
  context: HandlerContext,
): Promise<CompletionRecord & { readonly answer: Answer }> {
  const { completions } = dependencies;
  try {
    const { completion, candidate, attempts } = await completeWithFallback(
      routedCall(body, dependencies),
      fallbackFor(body, dependencies),
      context,
    );
    const { text, finishReason, model, usage, confidence, toolRequests } = completion;
    if (usage.source === "provider") {
      const { counting, inputTokens } = body;
      const billed = { countedTokens: inputTokens.optimized, billedTokens: usage.inputTokens };
      dependencies.calibration.observe({ model: candidate.model, counting, ...billed });
    }
    const record = {
      attempts: [...earlier, ...attempts],
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
    await completions.put(key, record).catch((error: unknown) => {
      throw error instanceof NocpError ? withAttempts(error, attempts) : error;
    });
    return record;
  } catch (error) {
    if (!(error instanceof NocpError) || error.attempts.length === 0) throw error;
    const attempts = [...earlier, ...error.attempts];
    // What cannot be written down is billed by the error alone.
    if (error.disposition === "retry") await completions.put(key, { attempts }).catch(() => undefined);
    throw withAttempts(error, [...body.spent.attempts, ...attempts]);
  }
}

const withAttempts = (error: NocpError, attempts: NocpError["attempts"]): NocpError =>
  new NocpError(error.code, error.message, {
    advice: error.advice,
    attempts,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });

const toolsAreLeft = ({ step, source }: ContextOptimized, { settings }: LlmRouterDependencies): boolean =>
  source !== undefined && step < settings.maxToolRounds;

function routedCall(body: ContextOptimized, dependencies: LlmRouterDependencies) {
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
      spentUsd: body.spent.costUsd,
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
): FallbackDependencies {
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
  return warnings;
}

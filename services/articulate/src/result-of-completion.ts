// The result of a request whose completion arrived: answer or error, and the whole bill.

import type { ReportedError, StageRecord, Usage, Warning } from "@nocp/contracts/accounting.ts";
import { totalCost } from "@nocp/contracts/cost-totals.ts";
import { isHarmless } from "@nocp/contracts/errors/warning-catalogue.ts";

import { latencyOf } from "@nocp/contracts/latency.ts";
import type { Completion, CompletionReceived, ToolSummary } from "@nocp/contracts/messages.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { tidyResult } from "@nocp/contracts/tidy-result.ts";
import { totalUsage } from "@nocp/contracts/usage-total.ts";
import type { Confidence } from "./confidence.ts";
import type { ShapedAnswer } from "./shape-answer.ts";

export interface CompletionOutcome {
  readonly message: CompletionReceived;
  /** The answer with its confidence, or what was wrong with it. */
  readonly answer:
    | (ShapedAnswer & { readonly confidence: Confidence })
    | { readonly error: ReportedError; readonly rawTokens: number };
  /** Of articulate itself. */
  readonly record: StageRecord;
  readonly completedAt: number;
  readonly traceId: string | null;
}

export function resultOfCompletion({ message, answer, record, completedAt, traceId }: CompletionOutcome): NocpResult {
  const { request, completion, spent } = message;
  const failed = "error" in answer;
  const warnings = [...message.warnings, ...(failed ? [] : answer.warnings)];
  const journey = [...message.journey, record];
  return tidyResult({
    v: 1,
    requestId: message.requestId,
    status: failed ? "failed" : statusOf(completion, warnings, message.toolSummaries),
    answer: failed ? null : answer.text,
    format: failed ? null : answer.format,
    ...fieldsBesideAnswer(completion),
    ...(message.toolRounds === undefined ? {} : { toolRounds: message.toolRounds }),
    usage: usageOf(message),
    tokens: {
      input: message.inputTokens,
      output: failed ? { raw: answer.rawTokens, optimized: answer.rawTokens } : answer.tokens,
    },
    cost: { ...costOf(spent), ...message.cost },
    provider: completion.provider,
    model: completion.model,
    attempts: spent.attempts,
    ...(message.route === undefined ? {} : { route: message.route }),
    cache: message.cache,
    strategies: message.strategies,
    archived: message.archived,
    ...(message.removed === undefined ? {} : { removed: message.removed }),
    tools: message.toolSummaries,
    latency: latencyOf(journey, spent.attempts, completedAt - message.submittedAt),
    journey,
    confidence: failed ? null : answer.confidence,
    warnings,
    error: failed ? answer.error : null,
    traceId,
    sessionId: request.session?.id ?? null,
    tenant: request.tenant,
    tags: request.tags,
    ...(request.key === undefined ? {} : { key: request.key }),
    lane: message.lane,
    submittedAt: message.submittedAt,
    completedAt,
    metadata: request.metadata,
  });
}

/** The known part counts where a part is unknown. */
const costOf = ({ attempts, costUsd }: CompletionReceived["spent"]) =>
  costUsd === null ? { ...totalCost(attempts), usd: costUsd } : { usd: costUsd };

/** What came with the answer and is no part of it. */
const fieldsBesideAnswer = ({
  finishReason,
  stopSequence,
  reasoning,
  reasoningItems,
  toolRequests,
  alternatives,
}: Completion) => ({
  finishReason,
  ...(stopSequence === undefined ? {} : { stopSequence }),
  ...(reasoning === undefined ? {} : { reasoning }),
  ...(reasoningItems === undefined ? {} : { reasoningItems }),
  ...(toolRequests === undefined ? {} : { toolRequests }),
  ...(alternatives === undefined ? {} : { alternatives }),
});

/** Degraded: there is an answer, but something that it should rest on failed, or it is not whole. */
function statusOf(
  { finishReason, toolRequests }: Completion,
  warnings: readonly Warning[],
  tools: readonly ToolSummary[],
): "succeeded" | "degraded" {
  const whole = finishReason === "stop" || finishReason === "unknown" || toolRequests !== undefined;
  const unharmed = warnings.every(isHarmless) && tools.every(({ status }) => status !== "failed");
  return whole && unharmed ? "succeeded" : "degraded";
}

/** Nothing when the cache answered. */
const usageOf = ({ spent, completion, cache }: CompletionReceived): Usage | null =>
  totalUsage(spent.attempts) ?? (cache.hit ? null : completion.usage);

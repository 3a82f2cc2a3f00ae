// The result of a request that cannot be answered: as complete about the bill as what is known allows.
import type { ProviderAttempt, ReportedError, StageRecord, Tokens } from "./accounting.ts";
import { billWarnings, totalCost } from "./cost-totals.ts";

import { latencyOf } from "./latency.ts";
import type { NocpRequest } from "./request.ts";
import type { NocpResult } from "./result.ts";
import type { Route } from "./route.ts";
import { tidyResult } from "./tidy-result.ts";
import type { Lane } from "./topology.ts";
import { totalUsage } from "./usage-total.ts";

export interface FailureFacts {
  readonly tenant: string;
  readonly requestId: string;
  readonly lane: Lane;
  readonly error: ReportedError;
  readonly submittedAt: number;
  readonly completedAt: number;
  readonly journey: readonly StageRecord[];
  readonly attempts: readonly ProviderAttempt[];
  readonly traceId: string | null;
  /** Absent when the body could not be read. */
  readonly request?: NocpRequest;
  readonly inputTokens?: Tokens["input"];
  /** Absent when no route was made. */
  readonly route?: Route;
}

export function failedResultOf(facts: FailureFacts): NocpResult {
  const { request, attempts } = facts;
  const total = totalCost(attempts);
  const last = attempts.at(-1);
  return tidyResult({
    v: 1,
    requestId: facts.requestId,
    status: "failed",
    answer: null,
    format: null,
    usage: totalUsage(attempts),
    tokens: { input: facts.inputTokens ?? { raw: 0, optimized: 0 }, output: { raw: 0, optimized: 0 } },
    cost: { ...total, baselineUsd: total.usd, reference: { model: "none", usd: null, baselineUsd: null }, priceTable: "none" },
    provider: last?.provider ?? null,
    model: last?.model ?? null,
    attempts: [...attempts],
    ...(facts.route === undefined ? {} : { route: facts.route }),
    cache: { hit: false, tier: null },
    strategies: [],
    archived: [],
    tools: [],
    latency: latencyOf(facts.journey, attempts, facts.completedAt - facts.submittedAt),
    journey: [...facts.journey],
    confidence: null,
    warnings: billWarnings(attempts, request?.limits.maxCostUsd),
    error: facts.error,
    traceId: facts.traceId,
    sessionId: request?.session?.id ?? null,
    tenant: facts.tenant,
    tags: request?.tags ?? [],
    ...(request?.key === undefined ? {} : { key: request.key }),
    lane: facts.lane,
    submittedAt: facts.submittedAt,
    completedAt: facts.completedAt,
    metadata: request?.metadata ?? {},
  });
}

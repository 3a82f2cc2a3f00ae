// Room for a call for embeddings in the budgets of whoever pays, and under the cap of the call.

import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { pause } from "@nocp/contracts/retry.ts";
import type { BudgetPayer } from "@nocp/runtime/budgets/budget.ts";
import { type Amounts, type Budgets, nothing } from "@nocp/runtime/budgets/budgets.ts";
import { costOfCall } from "@nocp/runtime/budgets/call-costs.ts";
import { reserveCall } from "@nocp/runtime/budgets/reserve-call.ts";

export interface BudgetedEmbedding {
  readonly payer: BudgetPayer;
  readonly candidate: RouteCandidate;
  /** More tokens than the input has. */
  readonly mostTokens: number;
  /** What they cost; `null` when the price is unknown. */
  readonly worstCaseUsd: number | null;
  readonly maxCostUsd: number | undefined;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number;
}

/** Waits for calls that hold what is left of a budget, until the deadline. @returns to be called once, with the calls that were made. */
export type ReserveEmbedding = (
  embedding: BudgetedEmbedding,
  signal: AbortSignal,
) => Promise<(calls: readonly ProviderAttempt[]) => void>;

/** @param random in [0, 1). @throws (by what it returns) NocpError COST_CAP_EXCEEDED, BUDGET_EXHAUSTED, BUDGET_BUSY. */
export const createEmbeddingReservation =
  (budgets: Pick<Budgets, "reserve">, now: () => number, random: () => number): ReserveEmbedding =>
  async ({ payer, candidate, mostTokens, worstCaseUsd, maxCostUsd, deadlineAt }, signal) => {
    if (maxCostUsd !== undefined && (worstCaseUsd === null || worstCaseUsd > maxCostUsd))
      throw overCap(candidate, worstCaseUsd, maxCostUsd);
    const worstCase: Amounts = { usd: worstCaseUsd, tokens: mostTokens, requests: 1 };
    for (;;) {
      try {
        const reserved = await reserveCall(
          budgets,
          { payer, candidate, before: nothing },
          worstCase,
          { now, deadlineAt },
          random(),
        );
        return (calls) => reserved.settle(calls.reduce((sum, call) => sumOf(sum, costOfCall(call, worstCase)), oneRequest));
      } catch (error) {
        const isBusy = error instanceof NocpError && error.code === "BUDGET_BUSY";
        const waitMs = isBusy ? (error.retryAfterMs ?? 0) : Number.POSITIVE_INFINITY;
        if (now() + waitMs >= deadlineAt) throw error;
        await pause(waitMs, signal);
      }
    }
  };

const oneRequest: Amounts = { usd: 0, tokens: 0, requests: 1 };

const sumOf = (one: Amounts, other: Amounts): Amounts => ({
  usd: one.usd === null || other.usd === null ? null : one.usd + other.usd,
  tokens: (one.tokens ?? 0) + (other.tokens ?? 0),
  requests: one.requests,
});

const overCap = ({ provider, model }: RouteCandidate, worstCaseUsd: number | null, maxCostUsd: number): NocpError =>
  new NocpError(
    "COST_CAP_EXCEEDED",
    worstCaseUsd === null
      ? `the price of ${provider}/${model} is unknown; the cap is $${maxCostUsd}`
      : `${provider}/${model} may cost $${worstCaseUsd.toFixed(6)} for this input; the cap is $${maxCostUsd}`,
  );

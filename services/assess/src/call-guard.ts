// What stands between a request and a call of a model that helps: its cap, and the budgets of whoever pays.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import { type Amounts, type Budgets, nothing } from "@nocp/runtime/budgets/budgets.ts";
import { costBefore } from "@nocp/runtime/budgets/call-costs.ts";
import type { CallTime } from "@nocp/runtime/budgets/no-room-error.ts";
import { reserveCall } from "@nocp/runtime/budgets/reserve-call.ts";
import type { ModelCall } from "./model-services.ts";

/** What a call takes at most, or has cost. */
export type CallCost = Pick<ModelCall, "service" | "model" | "inputTokens" | "outputTokens" | "costUsd">;

export interface CallGuard {
  /**
   * @returns to be called once, with what became of it.
   * @throws NocpError COST_CAP_EXCEEDED, BUDGET_EXHAUSTED, BUDGET_BUSY: the call is not made.
   */
  reserve(worstCase: CallCost): Promise<(calls: readonly CallCost[]) => void>;
  /** Counts a call that was lost with the process that made it. */
  charge(lost: CallCost): Promise<void>;
}

export interface GuardedRequest extends CallTime {
  readonly request: Pick<NocpRequest, "tenant" | "key" | "tags" | "limits">;
  /** Calls of the request so far. */
  readonly spent: () => readonly ProviderAttempt[];
}

/** @param random in [0, 1). */
export function createCallGuard(budgets: Budgets, guarded: GuardedRequest, random: () => number): CallGuard {
  const { request, spent } = guarded;
  const { tenant, key, tags, limits } = request;
  const payer = { tenant, key, tags };
  /** US dollars of calls that run. */
  let openUsd = 0;
  const withinCap = ({ service, model, costUsd }: CallCost): void => {
    const { maxCostUsd } = limits;
    if (maxCostUsd === undefined) return;
    const name = `the ${service} (${model})`;
    if (costUsd === null)
      throw new NocpError("COST_CAP_EXCEEDED", `the price of ${name} is unknown; limits.maxCostUsd is ${maxCostUsd}`);
    if (committedCost(spent()) + openUsd + costUsd > maxCostUsd)
      throw new NocpError("COST_CAP_EXCEEDED", `${name} may cost $${costUsd.toFixed(6)}; limits.maxCostUsd is ${maxCostUsd}`);
  };
  return {
    async reserve(worstCase) {
      withinCap(worstCase);
      const heldUsd = worstCase.costUsd ?? 0;
      openUsd += heldUsd;
      try {
        const call = { payer, candidate: candidateOf(worstCase), before: costBefore(spent()) };
        const reserved = await reserveCall(budgets, call, amountsOf([worstCase]), guarded, random());
        return (calls) => {
          openUsd -= heldUsd;
          reserved.settle(amountsOf(calls, worstCase.costUsd));
        };
      } catch (error) {
        openUsd -= heldUsd;
        throw error;
      }
    },
    charge: (lost) => budgets.charge(payer, candidateOf(lost), amountsOf([lost])).catch(() => undefined),
  };
}

/** As budgets of models name it: `distiller/<model>`. */
const candidateOf = ({ service, model }: CallCost) => ({ provider: service, model });

/** The request itself is counted by llm-router. @param unknownUsd for calls whose cost nobody knows. */
const amountsOf = (calls: readonly CallCost[], unknownUsd: number | null = null): Amounts =>
  calls.reduce<Amounts>((sum, { costUsd, inputTokens, outputTokens }) => {
    const usd = costUsd ?? unknownUsd;
    return {
      usd: sum.usd === null || usd === null ? null : sum.usd + usd,
      tokens: (sum.tokens ?? 0) + inputTokens + outputTokens,
      requests: 0,
    };
  }, nothing);

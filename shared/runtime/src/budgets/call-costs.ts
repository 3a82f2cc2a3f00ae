// What calls have cost in each unit that budgets count in. Pure.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import type { Amounts } from "./budgets.ts";

/** @param reserved for the call: what may have been spent, where nobody knows what was. */
export function costOfCall(attempt: ProviderAttempt, reserved: Amounts): Amounts {
  const { usage, costUsd } = attempt;
  const isUnbilled = costUsd === 0 && usage === undefined;
  return {
    usd: costUsd ?? attempt.atMostUsd ?? reserved.usd,
    tokens: usage ? usage.inputTokens + usage.outputTokens : isUnbilled ? 0 : reserved.tokens,
    requests: reserved.requests,
  };
}

/** What earlier calls have cost, as far as it is known. */
export const costBefore = (attempts: readonly ProviderAttempt[]): Amounts => ({
  usd: committedCost(attempts),
  tokens: attempts.reduce((sum, { usage }) => sum + (usage ? usage.inputTokens + usage.outputTokens : 0), 0),
  requests: 0,
});

// What a call costs in each unit that budgets count in. Pure.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { committedCost } from "@nocp/contracts/cost-totals.ts";
import type { AttemptInput } from "../attempt-completion.ts";
import type { Amounts } from "./budgets.ts";

/** @param isFirst of its request: only then does the request itself count. */
export function worstCaseOf(
  { call, worstCaseUsd }: Pick<AttemptInput, "call" | "worstCaseUsd">,
  inputTokens: number,
  isFirst: boolean,
): Amounts {
  const tokens = inputTokens + call.maxOutputTokens * (call.n ?? 1);
  return { usd: worstCaseUsd, tokens, requests: isFirst ? 1 : 0 };
}

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

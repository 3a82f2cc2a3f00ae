// What a call costs at most, in each unit that budgets count in. Pure.

import type { Amounts } from "@nocp/runtime/budgets/budgets.ts";
import type { AttemptInput } from "../attempt-completion.ts";

/** @param isFirst of its request: only then does the request itself count. */
export function worstCaseOf(
  { call, worstCaseUsd }: Pick<AttemptInput, "call" | "worstCaseUsd">,
  inputTokens: number,
  isFirst: boolean,
): Amounts {
  const tokens = inputTokens + call.maxOutputTokens * (call.n ?? 1);
  return { usd: worstCaseUsd, tokens, requests: isFirst ? 1 : 0 };
}

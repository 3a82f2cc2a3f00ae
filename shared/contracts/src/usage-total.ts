// The usage of a whole request.
import type { ProviderAttempt, Usage } from "./accounting.ts";

/**
 * What all calls of the request were billed, tool rounds and failed calls included, models that helped to compress not.
 * @returns `null` when there was no such call.
 */
export function totalUsage(attempts: readonly ProviderAttempt[]): Usage | null {
  const billed = attempts.flatMap(({ usage, purpose }) => (usage === undefined || purpose === "compression" ? [] : [usage]));
  if (billed.length === 0) return null;
  return billed.reduce((sum, usage) => ({
    inputTokens: sum.inputTokens + usage.inputTokens,
    outputTokens: sum.outputTokens + usage.outputTokens,
    cacheReadTokens: sum.cacheReadTokens + usage.cacheReadTokens,
    cacheWriteTokens: sum.cacheWriteTokens + usage.cacheWriteTokens,
    reasoningTokens: sum.reasoningTokens + usage.reasoningTokens,
    ...oneHourOf(sum, usage),
    source: sum.source === "counted" || usage.source === "counted" ? "counted" : "provider",
  }));
}

const oneHourOf = (...usages: readonly Usage[]) => {
  const tokens = usages.reduce((sum, { cacheWriteOneHourTokens = 0 }) => sum + cacheWriteOneHourTokens, 0);
  return tokens === 0 ? {} : { cacheWriteOneHourTokens: tokens };
};

// Totals of a bill, and what a result says of a bill that is not exact.
import type { ProviderAttempt, Warning } from "./accounting.ts";
import { warningOf } from "./errors/warning-catalogue.ts";

/** Adds dollars; one unknown part makes the sum unknown. */
export const sumCosts = (costs: readonly (number | null)[]): number | null =>
  costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);

/** Adds the dollars that are known: what was spent at least. */
export const knownCost = (costs: readonly (number | null)[]): number => costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);

/** What the calls may have cost at most, for a cost cap. A call of a model without a price counts as nothing. */
export const committedCost = (attempts: readonly ProviderAttempt[]): number =>
  knownCost(attempts.map(({ costUsd, atMostUsd = null }) => costUsd ?? atMostUsd));

/** The total of all calls, with the known part beside it where the total is unknown. */
export function totalCost(attempts: readonly ProviderAttempt[]): { readonly usd: number | null; readonly knownUsd?: number } {
  const costs = attempts.map(({ costUsd }) => costUsd);
  const usd = sumCosts(costs);
  return usd === null ? { usd, knownUsd: knownCost(costs) } : { usd };
}

/** Sums of fractions differ in their last digits. */
const roundingFactor = 1 + 1e-9;

/** @param maxCostUsd the request's cap. */
export function billWarnings(attempts: readonly ProviderAttempt[], maxCostUsd: number | undefined): Warning[] {
  const warnings: Warning[] = [];
  const known = knownCost(attempts.map(({ costUsd }) => costUsd));
  const unknown = attempts.filter(({ costUsd }) => costUsd === null);
  const lost = unknown.filter(({ usage }) => usage === undefined);
  if (lost.length > 0) {
    const calls = lost.length === 1 ? "1 call" : `${lost.length} calls`;
    warnings.push(warningOf("COST_PARTLY_UNKNOWN", `the cost of ${calls} without a usable answer is unknown`));
  } else if (unknown.length > 0 && maxCostUsd !== undefined) {
    warnings.push(warningOf("COST_PARTLY_UNKNOWN", "the price of a call is unknown: the cap does not include it"));
  }
  if (maxCostUsd !== undefined && attempts.some(({ usage, costUsd }) => usage?.source === "counted" && costUsd !== 0)) {
    warnings.push(warningOf("COST_ESTIMATED", "the provider reported no usage: cost and cap are based on NOCP's own count"));
  }
  if (maxCostUsd !== undefined && known > maxCostUsd * roundingFactor) {
    warnings.push(warningOf("COST_ABOVE_CAP", `the calls cost $${known.toFixed(6)}; limits.maxCostUsd is ${maxCostUsd}`));
  }
  return warnings;
}

// Expected recall by the share of tokens kept, as measured.

import type { CompressionEstimate, CompressionInput } from "./compression-strategy.ts";

/** Points of share kept and recall, ascending in both; between them the curve is straight, and it ends at all of both. */
export type RecallCurve = readonly (readonly [keptShare: number, recall: number])[];

/** @returns the recall at a share of tokens kept, between 0 and 1. */
export function recallAt(curve: RecallCurve, keptShare: number): number {
  let [fromShare, fromRecall] = [0, 0];
  for (const [share, recall] of [...curve, [1, 1] as const]) {
    if (keptShare < share) return fromRecall + ((recall - fromRecall) * (keptShare - fromShare)) / (share - fromShare);
    [fromShare, fromRecall] = [share, recall];
  }
  return 1;
}

/** @returns the estimate of a strategy that fills its budget: the curve's recall at the share that it keeps. */
export function estimateAt(
  curve: RecallCurve,
  { items, budgetTokens }: Pick<CompressionInput, "items" | "budgetTokens">,
): CompressionEstimate {
  const rawTokens = items.reduce((sum, item) => sum + item.tokens, 0);
  const tokens = Math.min(rawTokens, budgetTokens);
  return { tokens, expectedRecall: recallAt(curve, rawTokens === 0 ? 1 : tokens / rawTokens) };
}

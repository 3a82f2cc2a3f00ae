// What the model fetched back out of the archive is not shortened again.
import { retrieveToolName } from "@nocp/shared/archive/reference-line.ts";
import type { ContextItem } from "@nocp/shared/contracts/context-item.ts";
import type { CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { sumTokens } from "./plan-compression.ts";

/** Above this share of the limit it is compressed like the rest: the limit holds. */
const largestShare = 0.5;

const isRetrieved = (item: ContextItem): boolean => item.kind === "tool" && item.name === retrieveToolName;

/**
 * @param limitTokens of the whole context; undefined when the request sets none.
 * @returns the strategies, which no longer take results of `context.retrieve`.
 */
export function leaveRetrieved(
  strategies: readonly CompressionStrategy[],
  items: readonly MeasuredItem[],
  limitTokens: number | undefined,
): readonly CompressionStrategy[] {
  const retrieved = items.filter(({ item }) => isRetrieved(item));
  if (retrieved.length === 0) return strategies;
  if (limitTokens !== undefined && sumTokens(retrieved) > largestShare * limitTokens) return strategies;
  return strategies.map((strategy) => ({ ...strategy, takes: (item) => !isRetrieved(item) && strategy.takes(item) }));
}

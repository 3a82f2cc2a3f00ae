// What the model fetched back out of the archive is not shortened again.

import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { retrieveToolName } from "@nocp/contracts/reference-line.ts";
import { totalBudget } from "./budget.ts";
import type { CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { sumTokens } from "./plan-compression.ts";

/** Above this share of `maxTokens` it is compressed like the rest: that limit holds in every case. */
const largestShare = 0.5;

const isRetrieved = (item: ContextItem): boolean => item.kind === "tool" && item.name === retrieveToolName;

const retrievedTokens = (items: readonly MeasuredItem[]): number => sumTokens(items.filter(({ item }) => isRetrieved(item)));

interface Limits {
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** The request's limit in tokens; `targetRatio` is of what there was before anything was fetched back, which comes on top. */
export function limitWithRetrieved(request: Limits, items: readonly MeasuredItem[]): number | undefined {
  const retrieved = retrievedTokens(items);
  const byRatio = totalBudget({ targetRatio: request.targetRatio }, sumTokens(items) - retrieved);
  if (byRatio === undefined) return request.maxTokens;
  return Math.min(byRatio + retrieved, request.maxTokens ?? Number.POSITIVE_INFINITY);
}

/** @returns the strategies, which no longer take results of `context.retrieve`. */
export function leaveRetrieved(
  strategies: readonly CompressionStrategy[],
  items: readonly MeasuredItem[],
  { maxTokens = Number.POSITIVE_INFINITY }: Limits,
): readonly CompressionStrategy[] {
  const retrieved = retrievedTokens(items);
  if (retrieved === 0 || retrieved > largestShare * maxTokens) return strategies;
  return strategies.map((strategy) => ({ ...strategy, takes: (item) => !isRetrieved(item) && strategy.takes(item) }));
}

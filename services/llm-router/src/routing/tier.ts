// The tier of a model that the settings put into none: by its price.
import type { ModelTier } from "@nocp/contracts/route.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import { type Pricing, perMillion, pricingOfModel } from "@nocp/models/prices/model-prices.ts";

/** US dollars for a million tokens, three of input to one of output, as is usual in comparisons. */
const mostUsd = { economy: 1, standard: 6 } as const;

/** @param isLocal whether it runs on one's own machines. @param at milliseconds since the epoch. */
export function tierOf(pricing: Pricing, model: string, isLocal: boolean, at: number): ModelTier {
  if (isLocal || pricingOfModel(pricing, model).kind === "free") return "local";
  const usage = {
    inputTokens: 3,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    source: "counted",
  } as const;
  const usd = costOf(usage, pricing, model, at);
  if (usd === null) return "standard";
  const perMillionUsd = (usd / 4) * perMillion;
  return perMillionUsd <= mostUsd.economy ? "economy" : perMillionUsd <= mostUsd.standard ? "standard" : "premium";
}

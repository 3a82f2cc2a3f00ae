// What a completion costs, by a price table that is part of the installation: nothing is fetched at run time.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { modelPrices, type Pricing, perMillion, pricingOfModel, type SetPrices } from "./model-prices.ts";

/**
 * US dollars, or `null` when the price of the model is unknown; never 0 for lack of knowledge.
 * @param at milliseconds since the epoch: prices change, and some depend on the hour.
 */
export function costOf(usage: Usage, pricing: Pricing, model: string, at: number): number | null {
  const own = pricingOfModel(pricing, model);
  if (own.kind === "free") return 0;
  if (own.kind === "unknown") return null;
  if (own.kind === "set") return costAtSetPrices(usage, own);
  const prices = modelPrices(own.vendor, model, at)?.(usage.inputTokens);
  if (!prices) return null;
  const { cacheReadTokens, cacheWriteTokens } = cachedTokensOf(usage);
  const oneHourTokens = Math.min(usage.cacheWriteOneHourTokens ?? 0, cacheWriteTokens);
  return (
    (usage.inputTokens - cacheReadTokens - cacheWriteTokens) * prices.input +
    cacheReadTokens * prices.cacheRead +
    (cacheWriteTokens - oneHourTokens) * prices.cacheWrite +
    oneHourTokens * prices.cacheWriteOneHour +
    usage.outputTokens * prices.output
  );
}

/**
 * The same of an answer: by the name of the version that answered, or else of the model that was asked. Settings name models as
 * they are asked for.
 */
export function costOfAnswer(usage: Usage, pricing: Pricing, answering: string, asked: string, at: number): number | null {
  const own = pricingOfModel(pricing, asked);
  return costOf(usage, own, answering, at) ?? costOf(usage, own, asked, at);
}

/** Some providers report more cached tokens than tokens. */
function cachedTokensOf(usage: Usage): Pick<Usage, "cacheReadTokens" | "cacheWriteTokens"> {
  const cacheReadTokens = Math.min(usage.cacheReadTokens, usage.inputTokens);
  return { cacheReadTokens, cacheWriteTokens: Math.min(usage.cacheWriteTokens, usage.inputTokens - cacheReadTokens) };
}

function costAtSetPrices(usage: Usage, prices: SetPrices): number {
  const { inputUsdPerMillion, outputUsdPerMillion } = prices;
  const { cachedInputUsdPerMillion = inputUsdPerMillion, cacheWriteUsdPerMillion = inputUsdPerMillion } = prices;
  const { cacheReadTokens, cacheWriteTokens } = cachedTokensOf(usage);
  const input =
    (usage.inputTokens - cacheReadTokens - cacheWriteTokens) * inputUsdPerMillion +
    cacheReadTokens * cachedInputUsdPerMillion +
    cacheWriteTokens * cacheWriteUsdPerMillion;
  return (input + usage.outputTokens * outputUsdPerMillion) / perMillion;
}

/**
 * Usage had the context been sent as it came: the tokens NOCP took away added, none of them cached. What the vendor's cache
 * held stays cached: its discount is the vendor's, and no saving of NOCP's.
 */
export const baselineUsage = (usage: Usage, inputTokens: { readonly raw: number; readonly optimized: number }): Usage => ({
  ...usage,
  inputTokens: Math.max(0, usage.inputTokens + inputTokens.raw - inputTokens.optimized),
});

// What a completion costs, by a price table that is part of the installation: nothing is fetched at run time.
import type { Usage } from "@nocp/contracts/accounting.ts";
import { modelPrices, type Pricing, perMillion } from "./model-prices.ts";

/**
 * US dollars, or `null` when the price of the model is unknown; never 0 for lack of knowledge.
 * @param at milliseconds since the epoch: prices change, and some depend on the hour.
 */
export function costOf(usage: Usage, pricing: Pricing, model: string, at: number): number | null {
  if (pricing.kind === "free") return 0;
  if (pricing.kind === "unknown") return null;
  if (pricing.kind === "set") {
    const { inputUsdPerMillion, cachedInputUsdPerMillion = inputUsdPerMillion, outputUsdPerMillion } = pricing;
    const cachedTokens = Math.min(usage.cacheReadTokens, usage.inputTokens);
    const input = (usage.inputTokens - cachedTokens) * inputUsdPerMillion + cachedTokens * cachedInputUsdPerMillion;
    return (input + usage.outputTokens * outputUsdPerMillion) / perMillion;
  }
  const prices = modelPrices(pricing.vendor, model, at)?.(usage.inputTokens);
  if (!prices) return null;
  // Some providers report more cached tokens than tokens.
  const cacheReadTokens = Math.min(usage.cacheReadTokens, usage.inputTokens);
  const cacheWriteTokens = Math.min(usage.cacheWriteTokens, usage.inputTokens - cacheReadTokens);
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
 * Usage had the context been sent as it came: the tokens NOCP took away added, none of them cached. What the vendor's cache
 * held stays cached: its discount is the vendor's, and no saving of NOCP's.
 */
export const baselineUsage = (usage: Usage, inputTokens: { readonly raw: number; readonly optimized: number }): Usage => ({
  ...usage,
  inputTokens: Math.max(0, usage.inputTokens + inputTokens.raw - inputTokens.optimized),
});

// What a token costs at the model that will read the context.
import { modelPrices } from "@nocp/models/prices/model-prices.ts";
import { type InputPrices, tokensAsPrices } from "./calculus.ts";
import type { CompressorDependencies } from "./compress.ts";

/** Providers whose vendor has another name in the price table. */
const vendors: Readonly<Record<string, string>> = { gemini: "google" };
/** Providers whose models' prices no table knows. */
const unpriced = new Set(["openai-compatible", "extractive", "static"]);
/** Vendors that cache a prefix only where the caller marks it, which NOCP does not. */
const cachesOnlyMarked = /claude/i;

/**
 * @param provider of the request's route; undefined: the model's name tells the vendor.
 * @param at milliseconds since the epoch.
 * @returns tokens as prices where the model has none, or costs nothing.
 */
export function targetPrices(model: string, provider: string | undefined, inputTokens: number, at: number): InputPrices {
  if (provider !== undefined && unpriced.has(provider)) return tokensAsPrices;
  const name = model.replace(/^(openai|anthropic|gemini)\//, "");
  const vendor = provider === undefined ? undefined : (vendors[provider] ?? provider);
  const prices = modelPrices(vendor, name, at)?.(inputTokens);
  if (!prices || prices.input === 0) return tokensAsPrices;
  return { unit: "usd", uncached: prices.input, cached: cachesOnlyMarked.test(name) ? prices.input : prices.cacheRead };
}

/** The compressor's question for prices. @param now milliseconds since the epoch. */
export const pricesOf =
  (defaultModel: string, now: () => number): NonNullable<CompressorDependencies["pricesFor"]> =>
  (model = defaultModel, provider, inputTokens) => ({ model, prices: targetPrices(model, provider, inputTokens, now()) });

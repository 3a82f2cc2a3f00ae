// What a token costs at the model that will read the context.

import { capabilitiesOf } from "@nocp/models/capabilities.ts";
import { vendorNameOf } from "@nocp/models/named-models.ts";
import { type ModelPricing, modelPrices, type Pricing, perMillion } from "@nocp/models/prices/model-prices.ts";
import { vendorNamed, vendorOfModel } from "@nocp/models/vendor-table.ts";
import type { CompressorDependencies } from "./compress.ts";
import { type InputPrices, tokensAsPrices } from "./cost-model.ts";

/** Without a provider the model's own name tells the price. */
const byName: Pricing = { kind: "table" };

/** `gpt-4o` of `openai/gpt-4o`. */
function withoutVendor(model: string): string {
  const [prefix = "", ...rest] = model.split("/");
  return rest.length > 0 && vendorNamed(prefix) ? rest.join("/") : model;
}

/**
 * @param own of the settings, where they have one.
 * @param provider of the request's route; undefined: the model's name tells the vendor.
 * @param at milliseconds since the epoch.
 * @returns tokens as prices where the model has none, or costs nothing.
 */
export function targetPrices(
  model: string,
  provider: string | undefined,
  inputTokens: number,
  at: number,
  own?: ModelPricing,
): InputPrices {
  const name = withoutVendor(model);
  const vendor = provider === undefined ? vendorOfModel(name) : vendorNamed(vendorNameOf(provider));
  const pricing = own ?? (provider === undefined ? byName : (vendor?.pricing ?? { kind: "table", vendor: provider }));
  if (pricing.kind === "set" && pricing.inputUsdPerMillion > 0) {
    const { inputUsdPerMillion, cachedInputUsdPerMillion = inputUsdPerMillion } = pricing;
    return { unit: "usd", uncached: inputUsdPerMillion / perMillion, cached: cachedInputUsdPerMillion / perMillion };
  }
  if (pricing.kind !== "table") return tokensAsPrices;
  const prices = modelPrices(pricing.vendor, name, at)?.(inputTokens);
  if (!prices || prices.input === 0) return tokensAsPrices;
  const isCached = vendor === undefined || capabilitiesOf(vendor.capabilities, name).promptCaching.kind !== "none";
  return { unit: "usd", uncached: prices.input, cached: isCached ? prices.cacheRead : prices.input };
}

/** What a vendor's prompt cache does for a model. */
export interface CacheTerms {
  /** What a cached token costs, as a share of one that is not; 1 where nothing is cached. */
  readonly readShare: number;
  /** Shorter beginnings are not cached. */
  readonly leastTokens: number;
  /** Whether the share follows from the model's prices; otherwise it is what most vendors charge. */
  readonly isPriced: boolean;
}

/** @param isMarked whether prompts are marked, without which some vendors cache nothing. @param now milliseconds since the epoch. */
export const cacheTermsOf =
  (defaultModel: string, isMarked: boolean, now: () => number) =>
  (model = defaultModel, provider: string | undefined, inputTokens: number): CacheTerms => {
    const vendor = provider === undefined ? vendorOfModel(withoutVendor(model)) : vendorNamed(provider);
    const { kind, leastTokens } = vendor
      ? capabilitiesOf(vendor.capabilities, withoutVendor(model)).promptCaching
      : unknownCaching;
    if (kind === "none" || (kind === "marked" && !isMarked)) return { readShare: 1, leastTokens, isPriced: false };
    const { unit, uncached, cached } = targetPrices(model, provider, inputTokens, now());
    return { readShare: cached / uncached, leastTokens, isPriced: unit === "usd" };
  };

const unknownCaching = { kind: "automatic", leastTokens: 0 } as const;

/** The compressor's question for prices. @param now milliseconds since the epoch. */
export const pricesOf =
  (defaultModel: string, now: () => number): NonNullable<CompressorDependencies["pricesFor"]> =>
  (model = defaultModel, provider, inputTokens, own) => ({
    model,
    prices: targetPrices(model, provider, inputTokens, now(), own),
  });

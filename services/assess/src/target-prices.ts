// What a token costs at the model that will read the context.

import { capabilitiesOf } from "@nocp/models/capabilities.ts";
import { vendorNameOf } from "@nocp/models/named-models.ts";
import { type ModelPricing, modelPrices, type Pricing, perMillion } from "@nocp/models/prices/model-prices.ts";
import { vendorNamed, vendorOfModel } from "@nocp/models/vendor-table.ts";
import type { CompressorDependencies } from "./compress.ts";
import { type InputPrices, tokensAsPrices } from "./cost-model.ts";

/** Without a provider the model's own name tells the price. */
const byName: Pricing = { kind: "table" };

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
  const [prefix = "", ...rest] = model.split("/");
  const name = rest.length > 0 && vendorNamed(prefix) ? rest.join("/") : model;
  const vendor = provider === undefined ? vendorOfModel(name) : vendorNamed(vendorNameOf(provider));
  const pricing = own ?? (provider === undefined ? byName : (vendor?.pricing ?? { kind: "table", vendor: provider }));
  if (pricing.kind === "set" && pricing.inputUsdPerMillion > 0) {
    const { inputUsdPerMillion, cachedInputUsdPerMillion = inputUsdPerMillion } = pricing;
    return { unit: "usd", uncached: inputUsdPerMillion / perMillion, cached: cachedInputUsdPerMillion / perMillion };
  }
  if (pricing.kind !== "table") return tokensAsPrices;
  const prices = modelPrices(pricing.vendor, name, at)?.(inputTokens);
  if (!prices || prices.input === 0) return tokensAsPrices;
  const isCached = vendor === undefined || capabilitiesOf(vendor.capabilities, name).promptCaching.kind === "automatic";
  return { unit: "usd", uncached: prices.input, cached: isCached ? prices.cacheRead : prices.input };
}

/** The compressor's question for prices. @param now milliseconds since the epoch. */
export const pricesOf =
  (defaultModel: string, now: () => number): NonNullable<CompressorDependencies["pricesFor"]> =>
  (model = defaultModel, provider, inputTokens, own) => ({
    model,
    prices: targetPrices(model, provider, inputTokens, now(), own),
  });

// Prices that the settings give to models: they stand before the price table and before the provider's own setting.
import type { ModelSettings } from "../routing-settings.ts";
import type { ModelPricing, Pricing } from "./model-prices.ts";

interface PricedProvider {
  readonly name: string;
  readonly pricing: Pricing;
  /** The provider whose models it serves with another account; their prices are its own unless it has others. */
  readonly accountOf?: string;
}

/** @param models `router.models`: by `provider/model`, or by provider for all its models. */
export function withOwnPrices(
  { name, pricing, accountOf }: PricedProvider,
  models: Readonly<Record<string, ModelSettings>>,
): Pricing {
  if (pricing.kind === "by-model") return pricing;
  const owners = accountOf === undefined ? [name] : [accountOf, name];
  const own = Object.fromEntries(owners.flatMap((owner) => pricesUnder(`${owner}/`, models)));
  const others = owners.flatMap((owner) => priceIn(models, owner) ?? []).at(-1);
  if (Object.keys(own).length === 0 && others === undefined) return pricing;
  return { kind: "by-model", models: own, ...(others === undefined ? {} : { others }), listed: pricing };
}

const pricesUnder = (prefix: string, models: Readonly<Record<string, ModelSettings>>): (readonly [string, ModelPricing])[] =>
  Object.keys(models)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const price = priceIn(models, name);
      return price === undefined ? [] : [[name.slice(prefix.length), price] as const];
    });

function priceIn(models: Readonly<Record<string, ModelSettings>>, name: string): ModelPricing | undefined {
  const settings = Object.hasOwn(models, name) ? models[name] : undefined;
  const { inputUsdPerMillion, outputUsdPerMillion, cachedInputUsdPerMillion, cacheWriteUsdPerMillion } = settings ?? {};
  if (inputUsdPerMillion === undefined || outputUsdPerMillion === undefined) return undefined;
  return {
    ...{ kind: "set", inputUsdPerMillion, outputUsdPerMillion },
    ...(cachedInputUsdPerMillion === undefined ? {} : { cachedInputUsdPerMillion }),
    ...(cacheWriteUsdPerMillion === undefined ? {} : { cacheWriteUsdPerMillion }),
  };
}

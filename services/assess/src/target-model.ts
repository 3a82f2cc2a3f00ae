// Who will read the context of a request, as far as it is known before a route is made: what it is counted, priced and fitted for.
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { modelLimitsOf } from "@nocp/models/model-limits.ts";
import { modelsNamedFor, type NamedModel, vendorNameOf } from "@nocp/models/named-models.ts";
import { type ModelPricing, type Pricing, pricingOfModel } from "@nocp/models/prices/model-prices.ts";
import { withOwnPrices } from "@nocp/models/prices/own-prices.ts";
import type { routerSection } from "@nocp/models/router-section.ts";
import { vendorNamed, vendorOfModel } from "@nocp/models/vendor-table.ts";

/** The first of the models that may answer counts and prices; the smallest window of all of them is the limit. */
export interface TargetModel {
  /** Undefined: nobody names one. */
  readonly model: string | undefined;
  readonly provider: string | undefined;
  /** Where the settings give it a price. */
  readonly pricing: ModelPricing | undefined;
  /** Tokens that the prompt may have, so that an answer still fits; Infinity where no window is known. */
  readonly promptTokens: number;
}

export type TargetOf = (request: Pick<NocpRequest, "routing" | "tenant" | "limits">) => TargetModel;

/** Where no settings are known. */
export const targetAsNamed: TargetOf = ({ routing: { model, provider } }) => ({
  ...{ model, provider, pricing: undefined, promptTokens: Number.POSITIVE_INFINITY },
});

/** Of a window that is mostly answer, the prompt keeps this. */
const leastPromptShare = 0.5;
/** Names of models come with requests: the memory of them is bounded. */
const rememberedModels = 1_000;

export function createTargetOf(settings: SectionValues<typeof routerSection>): TargetOf {
  const { models } = settings;
  const windows = new Map<string, number>();
  const windowOf = (named: NamedModel): number => {
    const key = JSON.stringify(named);
    const known = windows.get(key);
    if (known !== undefined) return known;
    if (windows.size >= rememberedModels) windows.clear();
    const window = knownWindow(named, models);
    windows.set(key, window);
    return window;
  };
  return ({ routing, tenant, limits }) => {
    const named = modelsNamedFor(routing, tenant, settings);
    const first = named[0] ?? { provider: routing.provider, model: routing.model };
    const window = named.reduce((least, one) => Math.min(least, windowOf(one)), Number.POSITIVE_INFINITY);
    const answerTokens = limits.maxOutputTokens ?? settings.maxOutputTokens;
    return {
      model: first.model,
      provider: first.provider,
      pricing: named[0] && ownPricing(named[0], models),
      promptTokens: Math.max(window - answerTokens, Math.floor(window * leastPromptShare)),
    };
  };
}

type Models = SectionValues<typeof routerSection>["models"];

const vendorOf = ({ provider, model }: NamedModel) =>
  provider === undefined ? vendorOfModel(model) : vendorNamed(vendorNameOf(provider));

/** The provider's name in the settings: that of the model's vendor where the request leaves it open. */
function settingsOf({ model, provider = vendorOfModel(model)?.name ?? "" }: NamedModel, models: Models): Models[string] {
  const owner = vendorNameOf(provider);
  return { ...models[owner], ...models[provider], ...models[`${owner}/${model}`], ...models[`${provider}/${model}`] };
}

function knownWindow(named: NamedModel, models: Models): number {
  const own = settingsOf(named, models).contextTokens;
  if (own !== undefined) return own;
  const vendor = vendorOf(named);
  return vendor ? modelLimitsOf(vendor.capabilities, vendor.pricing, named.model).contextTokens : Number.POSITIVE_INFINITY;
}

function ownPricing(named: NamedModel, models: Models): ModelPricing | undefined {
  const listed: Pricing = { kind: "unknown" };
  const name = named.provider ?? vendorOfModel(named.model)?.name ?? "";
  const owner = vendorNameOf(name);
  const priced = withOwnPrices({ name, pricing: listed, ...(owner === name ? {} : { accountOf: owner }) }, models);
  const own = pricingOfModel(priced, named.model);
  return own.kind === "unknown" ? undefined : own;
}

// Which quota a call counts against: of an account and a family of models, as vendors set their limits, unless the settings name
// one for all models of a provider.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { ConfiguredQuota } from "./quota-state.ts";

/** A version's date, or `latest`: versions of one model share its quota. */
const version = /[-@](\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

const familyOf = (model: string): string => model.replace(version, "");

export interface QuotaKeys {
  keyOf(candidate: RouteCandidate): string;
  configured(key: string): ConfiguredQuota | undefined;
}

/** @param settings by `provider/model`, or `provider` for all its models together. */
export function createQuotaKeys(settings: Readonly<Record<string, ConfiguredQuota>>): QuotaKeys {
  const quotas = new Map(Object.entries(settings).map(([name, quota]) => [familyOf(name), quota]));
  return {
    keyOf({ provider, model }) {
      const own = `${provider}/${familyOf(model)}`;
      return !quotas.has(own) && quotas.has(provider) ? provider : own;
    },
    configured: (key) => quotas.get(key),
  };
}

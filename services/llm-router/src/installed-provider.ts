// The providers of all vendors' folders: configured, and created at their first use.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { CallLimits } from "@nocp/models/call-limits.ts";
import type { CapabilityTable } from "@nocp/models/capabilities.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import { withOwnPrices } from "@nocp/models/prices/own-prices.ts";
import type { Provider, ProviderDependencies, ProviderSetup } from "@nocp/models/provider.ts";
import type { ModelSettings } from "@nocp/models/routing-settings.ts";
import type { Vendor } from "@nocp/models/vendor.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import type { RoutableProvider } from "./route.ts";

/** A provider with its settings. */
export interface InstalledProvider extends RoutableProvider {
  readonly pricing: Pricing;
  readonly genAiName: string;
  /** Where its calls go; absent where it answers within the process. */
  readonly serverUrl?: string;
  readonly limits: CallLimits;
  readonly capabilities: CapabilityTable;
  /** Runs on one's own machines. */
  readonly isLocal?: boolean;
  /** The same object each time; an SDK that cannot be imported is tried again. */
  provider(): Promise<Provider>;
}

/**
 * @param models `router.models`, for their prices.
 * @throws NocpError INVALID_CONFIGURATION when two providers have one name.
 */
export function installProviders(
  vendors: readonly Vendor[],
  config: Config,
  dependenciesOf: (limits: CallLimits) => ProviderDependencies,
  models: Readonly<Record<string, ModelSettings>> = {},
): InstalledProvider[] {
  const installed = vendors.flatMap((vendor) =>
    vendor
      .providers((section) => config.section(section))
      .map((setup) => ({ ...setup, pricing: withOwnPrices(setup, models) }))
      .map((setup) => installProvider(vendor, setup, dependenciesOf(setup.limits))),
  );
  const taken = installed.map(({ name }) => name).find((name, at, names) => names.indexOf(name) !== at);
  if (taken === undefined) return installed;
  throw new NocpError("INVALID_CONFIGURATION", `providers.openai-compatible.servers: there is a provider ${taken} already`);
}

function installProvider(vendor: Vendor, setup: ProviderSetup, dependencies: ProviderDependencies): InstalledProvider {
  const { create, ...rest } = setup;
  let created: Promise<Provider> | undefined;
  return {
    ...rest,
    genAiName: vendor.genAiName,
    ...(vendor.modelPattern ? { modelPattern: vendor.modelPattern } : {}),
    ...(vendor.lastResort ? { lastResort: true } : {}),
    async provider() {
      created ??= Promise.resolve(create(dependencies));
      try {
        return await created;
      } catch (error) {
        created = undefined;
        throw error;
      }
    },
  };
}

/** @throws NocpError NO_PROVIDER */
export function installedFor(candidate: RouteCandidate, providers: readonly InstalledProvider[]): InstalledProvider {
  const found = providers.find(({ name }) => name === candidate.provider);
  if (!found) throw new NocpError("NO_PROVIDER", `there is no provider "${candidate.provider}"`);
  return found;
}

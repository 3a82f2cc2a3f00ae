// The providers of the folder: listed, configured, and created at their first use.
import { fileURLToPath } from "node:url";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { loadPlugins } from "@nocp/contracts/plugins/load-plugins.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import type { Config } from "@nocp/runtime/config/load-config.ts";
import {
  type CommonProviderSettings,
  isProviderDefinition,
  type Provider,
  type ProviderDefinition,
  type ProviderDependencies,
} from "./provider.ts";
import type { RoutableProvider } from "./route.ts";

/** A provider with its settings. */
export interface InstalledProvider extends RoutableProvider {
  readonly pricing: Pricing;
  readonly genAiName: string;
  readonly timeoutMs: number;
  /** The same object each time; an SDK that cannot be imported is tried again. */
  provider(): Promise<Provider>;
}

/** Every definition in `providers/`. @throws NocpError INVALID_PLUGIN. */
export async function loadProviderDefinitions(): Promise<ProviderDefinition[]> {
  const folder = fileURLToPath(new URL("./providers", import.meta.url));
  const plugins = await loadPlugins(folder, isProviderDefinition, "provider");
  return plugins.map(({ plugin }) => plugin);
}

export const installProviders = (
  definitions: readonly ProviderDefinition[],
  config: Config,
  dependencies: ProviderDependencies,
): InstalledProvider[] => definitions.map((definition) => installProvider(definition, config, dependencies));

function installProvider(definition: ProviderDefinition, config: Config, dependencies: ProviderDependencies): InstalledProvider {
  const settings = config.section(definition.section);
  const { model, timeoutMs } = settings as unknown as CommonProviderSettings;
  let created: Promise<Provider> | undefined;
  return {
    name: definition.name,
    configured: definition.isConfigured(settings),
    defaultModel: model,
    howToConfigure: definition.howToConfigure,
    pricing: definition.pricing(settings),
    genAiName: definition.genAiName,
    timeoutMs,
    ...(definition.modelPattern ? { modelPattern: definition.modelPattern } : {}),
    ...(definition.lastResort ? { lastResort: true } : {}),
    async provider() {
      created ??= Promise.resolve(definition.create(settings, dependencies));
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

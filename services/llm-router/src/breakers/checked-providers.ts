// The providers that the settings want checked.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { InstalledProvider } from "../installed-provider.ts";
import type { CheckedProvider } from "./health-checks.ts";
import type { HealthPolicy } from "./health-state.ts";

/** @throws NocpError INVALID_CONFIGURATION for one that does not exist, is not configured, or calls nobody. */
export function checkedProviders(
  healthChecks: Readonly<Record<string, HealthPolicy>>,
  providers: readonly InstalledProvider[],
): CheckedProvider[] {
  return Object.entries(healthChecks).map(([name, policy]) => {
    const installed = providers.find((provider) => provider.name === name);
    const problem =
      installed === undefined
        ? `there is no provider "${name}"`
        : !installed.configured
          ? `${name} is not configured: ${installed.howToConfigure}`
          : installed.lastResort
            ? `${name} is built in and needs no check`
            : undefined;
    if (installed === undefined || problem !== undefined)
      throw new NocpError("INVALID_CONFIGURATION", `breakers.healthChecks: ${problem}`);
    return { name, policy, check: async (signal) => (await installed.provider()).check?.(signal) };
  });
}

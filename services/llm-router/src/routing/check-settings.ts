// Reads the settings of routing once at the start, so that a misspelt name is no surprise at the first failure.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { parseCandidate, type RoutableProvider } from "../route.ts";
import type { RoutingSettings } from "./candidate-groups.ts";
import { routingStrategies } from "./strategy-table.ts";

/**
 * @returns the reference model.
 * @throws NocpError INVALID_CONFIGURATION with all that is wrong.
 */
export function checkRoutingSettings(
  settings: RoutingSettings & { readonly referenceModel: string },
  providers: readonly RoutableProvider[],
): RouteCandidate {
  const strategies = routingStrategies.map(({ name }) => name);
  const { groups, aliases, tiers, tenants, models } = settings;
  const problems: string[] = [];
  const checkCandidate = (name: string, text: string): RouteCandidate | undefined => {
    try {
      return parseCandidate(text, providers);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const isNamed = (text: string): boolean => Object.hasOwn(groups, text) || Object.hasOwn(aliases, text);
  const checkFallback = (name: string, text: string) => void (isNamed(text) || checkCandidate(name, text));
  const checkStrategy = (name: string, strategy: string | undefined): void => {
    if (strategy === undefined || strategies.includes(strategy)) return;
    problems.push(`${name}: there is no routing strategy "${strategy}"; there are ${strategies.join(", ")}`);
  };
  const checkProvider = (name: string, text: string): void => {
    const provider = text.split("/")[0]!;
    if (!providers.some((one) => one.name === provider)) problems.push(`${name}: there is no provider "${provider}"`);
  };

  for (const { name, accountOf } of providers) {
    if (accountOf !== undefined) checkProvider(`accountOf of ${name}`, accountOf);
  }
  if (settings.provider !== "") checkCandidate("router.provider", settings.provider);
  for (const fallback of settings.fallbacks) checkFallback("router.fallbacks", fallback);
  checkStrategy("router.strategy", settings.strategy);
  for (const [name, group] of Object.entries(groups)) {
    for (const text of [...group.candidates, ...Object.keys(group.weights)]) checkCandidate(`router.groups.${name}`, text);
    checkStrategy(`router.groups.${name}`, group.strategy);
  }
  for (const [name, target] of Object.entries(aliases)) {
    if (Object.hasOwn(aliases, target)) problems.push(`router.aliases.${name}: ${target} is an alias itself`);
  }
  for (const [tier, names] of Object.entries(tiers)) for (const text of names) checkCandidate(`router.tiers.${tier}`, text);
  for (const [tenant, own] of Object.entries(tenants)) {
    checkStrategy(`router.tenants.${tenant}`, own.strategy);
    for (const fallback of own.fallbacks ?? []) checkFallback(`router.tenants.${tenant}`, fallback);
  }
  for (const name of Object.keys(models)) checkProvider(`router.models.${name}`, name);
  const reference = checkCandidate("router.referenceModel", settings.referenceModel);
  if (problems.length > 0) throw new NocpError("INVALID_CONFIGURATION", problems.join("; "));
  return reference ?? { provider: settings.referenceModel, model: "" };
}

// The candidates that a request may have, by name: groups whose members may take each other's place, one after the other.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest, RouteCandidate } from "@nocp/contracts/request.ts";
import { type ModelTier, modelTiers } from "@nocp/contracts/route.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { namedInSettings } from "@nocp/models/named-models.ts";
import type { routingSettings } from "@nocp/models/routing-settings.ts";
import { firstCandidate, parseCandidate, type RouteSettings } from "../route.ts";
import type { ModelRegistry } from "./model-registry.ts";

export type RoutingSettings = RouteSettings &
  SectionValues<{ readonly name: "router"; readonly settings: typeof routingSettings }>;

export interface CandidateGroup {
  /** The same for the same members. */
  readonly name: string;
  /** At least one, each with all accounts of its provider. */
  readonly candidates: readonly RouteCandidate[];
  /** Of candidates by `provider/model`; 1 where there is none. */
  readonly weights: Readonly<Record<string, number>>;
  /** Where the group has one of its own. */
  readonly strategy: string | undefined;
}

export type WantedRoute = Pick<NocpRequest["routing"], "provider" | "model" | "candidates" | "tier" | "fallbacks">;

/**
 * First what the request names: candidates, a model (or a group, or an alias), a provider, a tier; where it names nothing, the
 * tenant's or the deployment's model, or else the configured provider. Then the fallbacks: the request's, the tenant's or the
 * deployment's.
 * @param isBalanced whether the strategy chooses between candidates, so that naming nothing stands for all of them.
 * @throws NocpError NO_PROVIDER
 */
export function candidateGroups(
  wanted: WantedRoute,
  tenant: string,
  isBalanced: boolean,
  registry: ModelRegistry,
  settings: RoutingSettings,
): CandidateGroup[] {
  const own = settings.tenants[tenant];
  const fallbacks = wanted.fallbacks
    ? wanted.fallbacks.map((candidate) => groupOf([candidate], registry))
    : (own?.fallbacks ?? settings.fallbacks).flatMap((name) => groupNamed(name, registry, settings) ?? []);
  return [firstGroup(wanted, own?.model ?? settings.model, isBalanced, registry, settings), ...fallbacks];
}

function firstGroup(
  { provider, model, candidates, tier }: WantedRoute,
  usual: string,
  isBalanced: boolean,
  registry: ModelRegistry,
  settings: RoutingSettings,
): CandidateGroup {
  if (candidates) return groupOf(candidates, registry);
  if (provider === undefined && model !== undefined) {
    const named = groupOfSettings(model, registry, settings);
    if (named) return named;
  }
  const namesNothing = provider === undefined && model === undefined;
  if (namesNothing && tier !== undefined) return groupOfTier(tier, registry, settings);
  if (namesNothing && usual !== "") {
    const named = groupOfSettings(usual, registry, settings);
    return named ?? groupOf([firstCandidate({ model: usual }, registry.providers, settings)], registry);
  }
  if (namesNothing && isBalanced && settings.provider === "") return groupOfAll(registry, settings);
  return groupOf([firstCandidate({ provider, model }, registry.providers, settings)], registry);
}

/** A group, an alias, or a candidate of the settings. @returns undefined for a provider without a default model. */
function groupNamed(name: string, registry: ModelRegistry, settings: RoutingSettings): CandidateGroup | undefined {
  const named = groupOfSettings(name, registry, settings);
  if (named) return named;
  const candidate = parseCandidate(name, registry.providers);
  return candidate && groupOf([candidate], registry);
}

/** @returns undefined for a name that the settings do not have. */
function groupOfSettings(name: string, registry: ModelRegistry, settings: RoutingSettings): CandidateGroup | undefined {
  const named = namedInSettings(name, settings);
  if (named === undefined) return undefined;
  if ("model" in named) return groupOf([firstCandidate({ model: named.model }, registry.providers, settings)], registry);
  const { group } = named;
  const weights = Object.entries(group.weights).flatMap(([text, weight]) => {
    const candidate = parseCandidate(text, registry.providers);
    return candidate ? [[nameOf(candidate), weight] as const] : [];
  });
  return {
    ...groupOf(listed(group.candidates, registry), registry),
    name: named.name,
    weights: Object.fromEntries(weights),
    strategy: group.strategy,
  };
}

function groupOfTier(tier: ModelTier, registry: ModelRegistry, settings: RoutingSettings): CandidateGroup {
  const named = settings.tiers[tier];
  const members = named
    ? listed(named, registry)
    : defaultModels(registry, settings).filter((one) => registry.describe(one).tier === tier);
  if (members.length > 0) return { ...groupOf(members, registry), name: tier };
  throw new NocpError("NO_PROVIDER", `there is no candidate of the tier ${tier}`, {
    advice: `Name some in router.tiers.${tier}.`,
  });
}

/** All of the tiers, or else what every configured provider answers with by itself. */
function groupOfAll(registry: ModelRegistry, settings: RoutingSettings): CandidateGroup {
  const inTiers = modelTiers.flatMap((tier) => listed(settings.tiers[tier] ?? [], registry));
  const members = inTiers.length > 0 ? inTiers : defaultModels(registry, settings);
  return members.length === 0
    ? groupOf([firstCandidate({}, registry.providers, settings)], registry)
    : { ...groupOf(members, registry), name: "all" };
}

const defaultModels = ({ providers }: ModelRegistry, { preference }: RoutingSettings): RouteCandidate[] => {
  const rank = (name: string): number => (preference.includes(name) ? preference.indexOf(name) : preference.length);
  return providers
    .filter(
      ({ configured, lastResort, accountOf, defaultModel }) => configured && !lastResort && !accountOf && defaultModel !== "",
    )
    .sort((one, other) => rank(one.name) - rank(other.name))
    .map(({ name, defaultModel }) => ({ provider: name, model: defaultModel }));
};

const listed = (texts: readonly string[], { providers }: ModelRegistry): RouteCandidate[] =>
  texts.flatMap((text) => parseCandidate(text, providers) ?? []);

const nameOf = ({ provider, model }: RouteCandidate): string => `${provider}/${model}`;

const groupOf = (members: readonly RouteCandidate[], registry: ModelRegistry): CandidateGroup => ({
  name: members.map(nameOf).join(","),
  candidates: members.flatMap((candidate) => registry.accountsOf(candidate)),
  weights: {},
  strategy: undefined,
});

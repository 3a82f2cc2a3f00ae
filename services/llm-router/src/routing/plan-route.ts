// From a request to the candidates in the order in which they are called, each with the reason for its place.
//
// Groups come one after the other. Of each group those who cannot take the call are left out, and the strategy puts the others
// in order; who takes all of the call comes before who is only told of a part. Without I/O; the random source is an argument.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest, RouteCandidate } from "@nocp/contracts/request.ts";
import { requestParts } from "@nocp/models/capabilities.ts";
import type { ActiveStrategy, PlacedCandidate, StrategyCandidate, StrategyRequest } from "../routing-strategy.ts";
import { type CallNeeds, type CandidateFilter, capabilityFilters, firmFilters, isTooSmall, lacksOf } from "./candidate-filter.ts";
import { type CandidateGroup, candidateGroups, type RoutingSettings } from "./candidate-groups.ts";
import type { CandidateLoads } from "./candidate-loads.ts";
import type { ModelDescription, ModelRegistry } from "./model-registry.ts";

export interface RouteRequest extends StrategyRequest, Pick<CallNeeds, "parts"> {
  readonly routing: Pick<
    NocpRequest["routing"],
    "provider" | "model" | "candidates" | "tier" | "strategy" | "regions" | "fallbacks" | "fallback"
  >;
  readonly maxOutputTokens: number;
  /** Who answered the step before: a loop of tools stays with the model that began it. */
  readonly previous: RouteCandidate | undefined;
}

export interface PlannedCandidate extends RouteCandidate {
  readonly why: string;
}

export interface UnfitCandidate extends PlannedCandidate {
  /** Whether it could take a shorter one. */
  readonly isTooSmall: boolean;
}

export interface RoutePlan {
  /** Of the first group. */
  readonly strategy: string;
  /** In the order in which they are called; at least one. */
  readonly candidates: readonly PlannedCandidate[];
  /** Those who cannot take the call. */
  readonly unfit: readonly UnfitCandidate[];
  /** Whether the same request would be given the same order again. */
  readonly isRepeatable: boolean;
  /** Whether the candidates can take the call, as far as the tables know; otherwise they are those that are left. */
  readonly isExact: boolean;
}

export interface NamedStrategy {
  readonly isRepeatable: boolean;
  readonly active: ActiveStrategy;
}

export interface PlanDependencies {
  readonly registry: ModelRegistry;
  readonly settings: RoutingSettings;
  readonly strategies: ReadonlyMap<string, NamedStrategy>;
  readonly loads: CandidateLoads;
  /** Beyond what the call needs: who is out of order now. When nobody is left, they do not hold. */
  readonly filters: readonly CandidateFilter[];
  /** In [0, 1). */
  readonly random: () => number;
}

/** An answer of usual length, for estimates of its price. */
const usualOutputTokens = 400;

/** @throws NocpError NO_PROVIDER; INVALID_REQUEST for a strategy that does not exist. */
export function planRoute(request: RouteRequest, dependencies: PlanDependencies): RoutePlan {
  const { registry, settings } = dependencies;
  const { routing, tenant } = request;
  const usual = routing.strategy ?? settings.tenants[tenant]?.strategy ?? settings.strategy;
  const groups = candidateGroups(routing, tenant, usual !== "ordered", registry, settings);
  const firstStrategy = routing.strategy ?? groups[0]?.strategy ?? usual;
  const needs: CallNeeds = { inputTokens: request.inputTokens, parts: request.parts, regions: routing.regions ?? [] };
  const considered = groups.map((group) => ({ group, ...sorted(withoutRepetitions(group, groups), needs, dependencies) }));
  const nobodyFits = considered.every(({ fit }) => fit.length === 0);
  const planned = considered.map(({ group, fit, inexact }, index) => {
    const members = nobodyFits ? inexact : fit;
    const placed = inOrder(group, members, request, { ...dependencies, usual });
    return index === 0 ? placed : asFallback(placed, index);
  });
  const candidates = wished(
    planned.flatMap(({ placed }) => placed),
    routing.fallback,
    registry,
  );
  if (candidates.length === 0) throw noCandidate(considered.flatMap(({ unfit }) => unfit));
  return {
    strategy: firstStrategy,
    candidates,
    unfit: considered.flatMap(({ unfit }) => unfit).filter((one) => !candidates.some((other) => isSame(one, other))),
    isExact: !nobodyFits,
    isRepeatable: dependencies.filters.length === 0 && planned.every(({ isRepeatable }) => isRepeatable),
  };
}

const isSame = (one: RouteCandidate, other: RouteCandidate): boolean =>
  one.provider === other.provider && one.model === other.model;

/** Each candidate counts where it is named first. */
function withoutRepetitions(group: CandidateGroup, groups: readonly CandidateGroup[]): readonly RouteCandidate[] {
  const earlier = groups.slice(0, groups.indexOf(group)).flatMap(({ candidates }) => candidates);
  return group.candidates.filter(
    (candidate, index) => ![...earlier, ...group.candidates.slice(0, index)].some((other) => isSame(candidate, other)),
  );
}

interface Sorted {
  readonly fit: readonly ModelDescription[];
  /** Those who fit, or at least might: for when nobody fits. */
  readonly inexact: readonly ModelDescription[];
  readonly unfit: readonly UnfitCandidate[];
}

function sorted(members: readonly RouteCandidate[], needs: CallNeeds, { registry, filters }: PlanDependencies): Sorted {
  const described = members.map((candidate) => registry.describe(candidate));
  const reasonOf = (candidate: ModelDescription, held: readonly CandidateFilter[]): string | undefined => {
    for (const filter of held) {
      const why = filter(candidate, needs);
      if (why !== undefined) return why;
    }
    return undefined;
  };
  const inexact = described.filter((candidate) => reasonOf(candidate, firmFilters) === undefined);
  const all = [...firmFilters, ...capabilityFilters, ...filters];
  const unfit = described.flatMap((candidate) => {
    const why = reasonOf(candidate, all);
    if (why === undefined) return [];
    const others = all.filter((filter) => filter !== isTooSmall);
    return [{ ...plannedAs(candidate, why), isTooSmall: reasonOf(candidate, others) === undefined }];
  });
  return { inexact, unfit, fit: inexact.filter((candidate) => !unfit.some((other) => isSame(candidate, other))) };
}

interface OrderedGroup {
  readonly placed: readonly PlannedCandidate[];
  readonly isRepeatable: boolean;
}

function inOrder(
  group: CandidateGroup,
  members: readonly ModelDescription[],
  request: RouteRequest,
  dependencies: PlanDependencies & { readonly usual: string },
): OrderedGroup {
  const name = request.routing.strategy ?? group.strategy ?? dependencies.usual;
  const strategy = dependencies.strategies.get(name);
  if (!strategy) throw unknownStrategy(name, dependencies.strategies);
  // Nothing is to be chosen: no strategy may make one candidate uncertain.
  if (members.length <= 1) return { placed: members.map((one) => plannedAs(one, "first choice")), isRepeatable: true };
  const candidates = members.map((member) => strategyCandidate(member, group, request, dependencies));
  const placed = strategy.active.order({ group: group.name, candidates, request, random: dependencies.random });
  const needs: CallNeeds = { inputTokens: request.inputTokens, parts: request.parts, regions: [] };
  const lacks = ({ candidate }: PlacedCandidate) => lacksOf(members.find((member) => isSame(member, candidate))!, needs);
  const whole = placed.filter((one) => lacks(one).length === 0);
  const told = placed.filter((one) => lacks(one).length > 0);
  const explained = [
    ...whole.map(({ candidate, why }) => plannedAs(candidate, why)),
    ...told.map((one) =>
      plannedAs(
        one.candidate,
        `${one.why}; only told of ${lacks(one)
          .map((part) => requestParts[part])
          .join(", ")}`,
      ),
    ),
  ];
  const stays = strategy.isRepeatable ? undefined : explained.find((one) => request.previous && isSame(one, request.previous));
  if (!stays) return { placed: explained, isRepeatable: strategy.isRepeatable };
  const others = explained.filter((one) => one !== stays);
  return { placed: [{ ...stays, why: "answered the step before" }, ...others], isRepeatable: strategy.isRepeatable };
}

const asFallback = ({ placed, isRepeatable }: OrderedGroup, number: number): OrderedGroup => ({
  isRepeatable,
  placed: placed.map((one) => ({ ...one, why: placed.length === 1 ? `fallback ${number}` : `fallback ${number}: ${one.why}` })),
});

const plannedAs = ({ provider, model }: RouteCandidate, why: string): PlannedCandidate => ({ provider, model, why });

function strategyCandidate(
  { provider, model, tier, outputTokens }: ModelDescription,
  { weights }: CandidateGroup,
  { inputTokens, maxOutputTokens }: RouteRequest,
  { registry, loads }: PlanDependencies,
): StrategyCandidate {
  const candidate = { provider, model };
  const length = Math.min(usualOutputTokens, maxOutputTokens, outputTokens);
  return {
    ...candidate,
    tier,
    weight: weights[`${provider}/${model}`] ?? 1,
    estimatedUsd: registry.estimateUsd(candidate, inputTokens, length),
    ...loads.of(candidate),
  };
}

/** Only one account of a model where no other may be tried, and only one model where no other may. */
function wished(
  candidates: readonly PlannedCandidate[],
  { sameModel, otherModel }: RouteRequest["routing"]["fallback"],
  { isSameModel }: ModelRegistry,
): PlannedCandidate[] {
  const first = candidates[0];
  if (!first) return [];
  const models = otherModel ? candidates : candidates.filter((candidate) => isSameModel(candidate, first));
  return sameModel ? [...models] : models.filter((one, index) => models.findIndex((other) => isSameModel(one, other)) === index);
}

const noCandidate = (unfit: readonly PlannedCandidate[]): NocpError =>
  new NocpError(
    "NO_PROVIDER",
    `no candidate is left: ${unfit.map(({ provider, model, why }) => `${provider}/${model} ${why}`).join("; ")}`,
  );

const unknownStrategy = (name: string, strategies: ReadonlyMap<string, NamedStrategy>): NocpError =>
  new NocpError("INVALID_REQUEST", `there is no routing strategy "${name}"; there are ${[...strategies.keys()].join(", ")}`);

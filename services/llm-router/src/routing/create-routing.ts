// Routing as a process has it: what is known of the models, the strategies at work, and what was seen of each candidate.
import type { AttemptObserver } from "../attempt-observer.ts";
import type { InstalledProvider } from "../installed-provider.ts";
import type { RoutingStrategy } from "../routing-strategy.ts";
import type { CandidateFilter } from "./candidate-filter.ts";
import type { RoutingSettings } from "./candidate-groups.ts";
import { type CandidateLoads, createCandidateLoads } from "./candidate-loads.ts";
import { createModelRegistry, type ModelRegistry } from "./model-registry.ts";
import { planRoute, type RoutePlan, type RouteRequest } from "./plan-route.ts";
import { routingStrategies } from "./strategy-table.ts";

export interface Routing {
  readonly registry: ModelRegistry;
  /** @throws NocpError NO_PROVIDER, INVALID_REQUEST */
  plan(request: RouteRequest): RoutePlan;
  /** Hear of every call. */
  readonly observers: readonly AttemptObserver[];
}

export interface RoutingOptions {
  readonly providers: readonly InstalledProvider[];
  readonly settings: RoutingSettings;
  /** The values of a strategy's section. */
  readonly read: Parameters<RoutingStrategy["start"]>[0];
  /** Those of the folder by default. */
  readonly strategies?: readonly RoutingStrategy[];
  /** Leave out who is out of order at the moment; see `PlanDependencies`. */
  readonly filters?: readonly CandidateFilter[];
  /** Hear of every call, after the strategies. */
  readonly observers?: readonly AttemptObserver[];
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

export function createRouting(options: RoutingOptions): Routing {
  const { providers, settings, read, strategies = routingStrategies } = options;
  const { filters = [], observers = [], now = Date.now, random = Math.random } = options;
  const registry = createModelRegistry({ providers, models: settings.models, tiers: settings.tiers, now });
  const loads = createCandidateLoads(now);
  const active = new Map(
    strategies.map((strategy) => [strategy.name, { isRepeatable: strategy.isRepeatable, active: strategy.start(read) }]),
  );
  return {
    registry,
    plan: (request) => planRoute(request, { registry, settings, strategies: active, loads, filters, random }),
    observers: [observerOf(loads, [...active.values()]), ...observers],
  };
}

function observerOf(
  loads: CandidateLoads,
  strategies: readonly { readonly active: ReturnType<RoutingStrategy["start"]> }[],
): AttemptObserver {
  return {
    begin(candidate) {
      const end = loads.begin(candidate);
      return ({ attempt }, isAborted) => {
        if (isAborted) return end(undefined);
        const observed = {
          candidate,
          hasAnswered: attempt.outcome === "succeeded",
          latencyMs: attempt.timeToFirstTokenMs ?? attempt.latencyMs,
          costUsd: attempt.costUsd ?? null,
        };
        end(observed);
        for (const { active } of strategies) active.observe?.(observed);
      };
    },
  };
}

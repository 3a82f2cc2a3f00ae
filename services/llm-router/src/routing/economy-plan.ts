// The route of a request whose payer has spent much: models of the tier economy before those that it would have had.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Routing } from "./create-routing.ts";
import type { PlannedCandidate, RoutePlan, RouteRequest } from "./plan-route.ts";

/**
 * Its own candidates of that tier come first, then those of the deployment that can take the call; the route that it would have
 * had follows, for when none of them answers.
 * @returns the plan as it is, where there is no such model or the request wants no other than its own.
 */
export function economyPlan(plan: RoutePlan, request: RouteRequest, routing: Pick<Routing, "plan" | "registry">): RoutePlan {
  const { tier, fallback } = request.routing;
  if (tier === "economy" || !fallback.otherModel) return plan;
  const isEconomy = (candidate: PlannedCandidate): boolean => routing.registry.describe(candidate).tier === "economy";
  const own = plan.candidates.filter(isEconomy);
  const chosen = [...own, ...candidatesOfTier(request, routing).filter((one) => !isAmong(one, own))];
  if (chosen.length === 0) return plan;
  return {
    ...plan,
    candidates: [
      ...chosen.map((one) => ({ ...one, why: "economy, for the budget is beyond its soft limit" })),
      ...plan.candidates.filter((one) => !isAmong(one, chosen)),
    ],
    unfit: plan.unfit.filter((one) => !isAmong(one, chosen)),
  };
}

function candidatesOfTier(request: RouteRequest, { plan }: Pick<Routing, "plan">): readonly PlannedCandidate[] {
  const { provider: _provider, model: _model, candidates: _candidates, ...wishes } = request.routing;
  try {
    const found = plan({ ...request, routing: { ...wishes, tier: "economy", fallbacks: [] } });
    return found.isExact ? found.candidates : [];
  } catch (error) {
    if (error instanceof NocpError && error.code === "NO_PROVIDER") return [];
    throw error;
  }
}

const isAmong = ({ provider, model }: PlannedCandidate, others: readonly PlannedCandidate[]): boolean =>
  others.some((other) => other.provider === provider && other.model === model);

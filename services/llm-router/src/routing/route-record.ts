// What a result says of its route: who was considered, who answered and why, as data and in one line.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Route } from "@nocp/contracts/route.ts";
import type { PlannedCandidate, RoutePlan } from "./plan-route.ts";

/** A candidate that was not called when its turn came. */
export interface SkippedCandidate extends RouteCandidate {
  readonly why: string;
}

type Considered = Route["candidates"][number];

export interface RouteOutcome {
  /** Calls of this step. */
  readonly attempts: readonly ProviderAttempt[];
  readonly skipped: readonly SkippedCandidate[];
  /** Who answered; absent when nobody did. */
  readonly candidate?: RouteCandidate;
  /** Where it was not the request as the plan had it that was answered: what was done instead. */
  readonly instead?: string | undefined;
}

export function routeRecord(plan: RoutePlan, { attempts, skipped, candidate: answering, instead }: RouteOutcome): Route {
  const planned = plan.candidates.map((one) =>
    consideredAs(one, attempts, skipped, instead === undefined ? answering : undefined),
  );
  const insteadOf = instead === undefined ? undefined : answering;
  const unfit = plan.unfit.filter((one) => insteadOf === undefined || !isOf(one)(insteadOf));
  const candidates: Considered[] = [
    ...planned,
    ...(insteadOf === undefined || instead === undefined
      ? []
      : [{ provider: insteadOf.provider, model: insteadOf.model, outcome: "answered" as const, why: instead }]),
    ...unfit.map(({ provider, model, why }): Considered => ({ provider, model, outcome: "unfit", why })),
  ];
  return { line: lineOf(plan, candidates), strategy: plan.strategy, candidates };
}

const isOf = (candidate: RouteCandidate) => (other: RouteCandidate) =>
  other.provider === candidate.provider && other.model === candidate.model;

function consideredAs(
  { provider, model, why }: PlannedCandidate,
  attempts: readonly ProviderAttempt[],
  skipped: readonly SkippedCandidate[],
  answering: RouteCandidate | undefined,
): Considered {
  const candidate = { provider, model };
  if (answering && isOf(candidate)(answering)) return { ...candidate, outcome: "answered", why };
  const failed = attempts.findLast((attempt) => isOf(candidate)(attempt) && attempt.outcome === "failed");
  if (failed) return { ...candidate, outcome: "failed", why: failed.errorCode ?? "UNEXPECTED" };
  const passed = skipped.find(isOf(candidate));
  return passed ? { ...candidate, outcome: "skipped", why: passed.why } : { ...candidate, outcome: "spare", why };
}

const nameOf = ({ provider, model }: RouteCandidate): string => `${provider}/${model}`;

/** `openai/gpt-5.4-mini by lowest-cost: about $0.000400; groq/x failed (PROVIDER_TIMEOUT); left out: mistral/y takes no image parts`. */
function lineOf({ strategy }: RoutePlan, candidates: readonly Considered[]): string {
  const answered = candidates.find(({ outcome }) => outcome === "answered");
  const those = (outcome: Considered["outcome"]) => candidates.filter((one) => one.outcome === outcome);
  const parts = [
    answered ? `${nameOf(answered)} by ${strategy}: ${answered.why}` : "nobody answered",
    ...those("failed").map((one) => `${nameOf(one)} failed (${one.why})`),
    ...those("skipped").map((one) => `${nameOf(one)} skipped (${one.why})`),
    ...(those("unfit").length > 0
      ? [
          `left out: ${those("unfit")
            .map((one) => `${nameOf(one)} ${one.why}`)
            .join(", ")}`,
        ]
      : []),
  ];
  return parts.join("; ");
}

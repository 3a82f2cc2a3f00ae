// The breakers of all models that this process calls.
import { randomUUID } from "node:crypto";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { type BreakerOptions, createBreaker, type ModelBreaker, type RefusedCall, type StartedCall } from "./model-breaker.ts";

export interface Breakers {
  /** Why a call would not start now, as far as this process knows. */
  refusal(candidate: RouteCandidate): Promise<RefusedCall | undefined>;
  /** @param deadlineAt when the call has ended in any case, in milliseconds since the epoch. */
  start(candidate: RouteCandidate, deadlineAt: number): Promise<StartedCall | RefusedCall>;
}

const mostBreakers = 1_000;

export function createBreakers(options: BreakerOptions): Breakers {
  const replica = randomUUID();
  const breakers = new Map<string, ModelBreaker>();
  const breakerOf = (candidate: RouteCandidate): ModelBreaker => {
    const key = breakerKey(candidate);
    const known = breakers.get(key);
    if (known) return known;
    // Callers may name any number of models.
    if (breakers.size >= mostBreakers) for (const [other, { isIdle }] of breakers) if (isIdle()) breakers.delete(other);
    const breaker = createBreaker({ ...options, key, candidate, replica });
    breakers.set(key, breaker);
    return breaker;
  };
  return {
    refusal: (candidate) => breakerOf(candidate).refusal(),
    start: (candidate, deadlineAt) => breakerOf(candidate).start(deadlineAt),
  };
}

const breakerKey = ({ provider, model }: RouteCandidate): string => `${provider}/${model}`;

// The breakers of all models that this process calls.
import { randomUUID } from "node:crypto";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { type BreakerOptions, createBreaker, type ModelBreaker, type RefusedCall, type StartedCall } from "./model-breaker.ts";

export interface Breakers {
  /** Why a call would not start now, as far as this process knows. */
  refusal(candidate: RouteCandidate): Promise<RefusedCall | undefined>;
  /** @param deadlineAt when the call has ended in any case, in milliseconds since the epoch. */
  start(candidate: RouteCandidate, deadlineAt: number): Promise<StartedCall | RefusedCall>;
  /** Of all models of a provider that is checked; its checks alone open it. */
  ofProvider(provider: string): ModelBreaker;
}

const mostBreakers = 1_000;

/** @param checked providers with health checks. */
export function createBreakers(options: BreakerOptions, checked: ReadonlySet<string> = new Set()): Breakers {
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
  const ofProvider = (provider: string): ModelBreaker => breakerOf({ provider, model: "" });
  return {
    ofProvider,
    async refusal(candidate) {
      const refused = checked.has(candidate.provider) ? await ofProvider(candidate.provider).refusal() : undefined;
      return refused ?? breakerOf(candidate).refusal();
    },
    async start(candidate, deadlineAt) {
      if (!checked.has(candidate.provider)) return breakerOf(candidate).start(deadlineAt);
      const atProvider = await ofProvider(candidate.provider).start(deadlineAt);
      if (!("done" in atProvider)) return atProvider;
      const atModel = await breakerOf(candidate).start(deadlineAt);
      if ("done" in atModel) return bothOf(atProvider, atModel);
      atProvider.done("none");
      return atModel;
    },
  };
}

/** Calls through a closed breaker of a provider are not counted in it. */
const bothOf = (atProvider: StartedCall, atModel: StartedCall): StartedCall => ({
  isProbe: atProvider.isProbe || atModel.isProbe,
  done(verdict) {
    if (atProvider.isProbe) atProvider.done(verdict);
    atModel.done(verdict);
  },
});

const breakerKey = ({ provider, model }: RouteCandidate): string => (model === "" ? provider : `${provider}/${model}`);

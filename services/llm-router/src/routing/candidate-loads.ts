// What one process sees of each candidate: calls in flight, and how long they take until the first piece of an answer.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { ObservedCall } from "../routing-strategy.ts";

export interface CandidateLoad {
  readonly inFlight: number;
  /** Milliseconds; undefined before the first call ended. */
  readonly latencyMs: number | undefined;
}

export interface CandidateLoads {
  of(candidate: RouteCandidate): CandidateLoad;
  /** A call begins. @returns what is told of its end, once; undefined when it was aborted. */
  begin(candidate: RouteCandidate): (ended: Pick<ObservedCall, "hasAnswered" | "latencyMs"> | undefined) => void;
}

interface Load {
  inFlight: number;
  latencyMs: number | undefined;
  /** When the latency was last known. */
  at: number;
}

/** Half a minute: a slow spell is forgotten after a few of them, and the candidate is tried again. */
const decayMs = 30_000;
/** A call that fails at once is no fast call. */
const failedLeastMs = 2_000;
/** Names of models come with requests: the memory of them is bounded. */
const rememberedCandidates = 1_000;

/** @param now milliseconds; only differences count. */
export function createCandidateLoads(now: () => number): CandidateLoads {
  const loads = new Map<string, Load>();
  const loadOf = ({ provider, model }: RouteCandidate): Load => {
    const key = `${provider}/${model}`;
    const known = loads.get(key);
    if (known) return known;
    if (loads.size >= rememberedCandidates) for (const [name, { inFlight }] of loads) if (inFlight === 0) loads.delete(name);
    const created: Load = { inFlight: 0, latencyMs: undefined, at: now() };
    loads.set(key, created);
    return created;
  };
  /** Old news counts less: the estimate falls as long as nothing is heard. */
  const decayed = ({ latencyMs, at }: Load): number | undefined =>
    latencyMs === undefined ? undefined : latencyMs * Math.exp(-(now() - at) / decayMs);

  const learn = (load: Load, { hasAnswered, latencyMs }: Pick<ObservedCall, "hasAnswered" | "latencyMs">): void => {
    const before = load.latencyMs;
    const seen = hasAnswered ? latencyMs : Math.max(failedLeastMs, latencyMs, 2 * (before ?? 0));
    // Peak EWMA (Finagle): the worse counts at once, the better little by little.
    const kept = before === undefined ? 0 : Math.exp(-Math.max(1_000, now() - load.at) / decayMs);
    load.latencyMs = before === undefined || seen > before ? seen : before * kept + seen * (1 - kept);
    load.at = now();
  };

  return {
    of(candidate) {
      const load = loads.get(`${candidate.provider}/${candidate.model}`);
      return load ? { inFlight: load.inFlight, latencyMs: decayed(load) } : { inFlight: 0, latencyMs: undefined };
    },
    begin(candidate) {
      const load = loadOf(candidate);
      load.inFlight += 1;
      let hasEnded = false;
      return (ended) => {
        if (hasEnded) return;
        hasEnded = true;
        load.inFlight -= 1;
        if (ended) learn(load, ended);
      };
    },
  };
}

// The replicas that call a provider, and how many calls of each are in flight: every one writes its own into the shared state.
import type { QuotaState } from "./quota-state.ts";

export interface ConcurrentCalls {
  readonly isLimited: boolean;
  /** @param calls in flight in this replica, or that may be before it asks again. */
  withCalls(state: QuotaState, calls: number, at: number): QuotaState;
  /** Calls of the other replicas. */
  ofOthers(state: QuotaState, at: number): number;
  /** How many more calls may start here. @param calls in flight in this replica. */
  mostMore(state: QuotaState, calls: number, at: number): number;
}

/** A replica that has said nothing for this long is gone, and its calls with it. */
const replicaForgottenMs = 120_000;

/** @param limit of all replicas' calls together; undefined where their number is not limited. */
export function createConcurrentCalls(replica: string, limit: number | undefined): ConcurrentCalls {
  const othersOf = ({ inFlight }: QuotaState, at: number) =>
    Object.entries(inFlight).filter(([name, { at: seen }]) => name !== replica && at - seen < replicaForgottenMs);
  const ofOthers = (state: QuotaState, at: number): number => othersOf(state, at).reduce((sum, [, { calls }]) => sum + calls, 0);
  return {
    isLimited: limit !== undefined,
    ofOthers,
    withCalls: (state, calls, at) => ({
      ...state,
      inFlight: { ...Object.fromEntries(othersOf(state, at)), [replica]: { calls, at } },
    }),
    mostMore: (state, calls, at) => (limit === undefined ? Number.POSITIVE_INFINITY : limit - calls - ofOthers(state, at)),
  };
}

/** A replica takes part in a quota that has started a call, or seen the end of one, within this time. */
const takesPartMs = 10_000;

/** Replicas that share the quota at the moment; at least one. */
export const replicasOf = ({ inFlight }: QuotaState, at: number): number =>
  Math.max(1, Object.values(inFlight).filter(({ at: seen }) => at - seen < takesPartMs).length);

// The replicas that call a provider, and how many calls of each are in flight: every one writes its own into the shared state.
import type { QuotaState } from "./quota-state.ts";

export interface ConcurrentCalls {
  readonly isLimited: boolean;
  /** @param calls in flight in this replica. */
  withCalls(state: QuotaState, calls: number, at: number): QuotaState;
  /** How many more calls may start here. @param calls in flight in this replica. */
  mostMore(state: QuotaState, calls: number, at: number): number;
}

/** A replica that has said nothing for this long is gone, and its calls with it. */
const replicaForgottenMs = 120_000;

/** @param limit of all replicas' calls together; undefined where their number is not limited. */
export const createConcurrentCalls = (replica: string, limit: number | undefined): ConcurrentCalls => ({
  isLimited: limit !== undefined,
  withCalls(state, calls, at) {
    const others = Object.entries(state.inFlight).filter(
      ([name, { at: seen }]) => name !== replica && at - seen < replicaForgottenMs,
    );
    return { ...state, inFlight: { ...Object.fromEntries(others), [replica]: { calls, at } } };
  },
  mostMore(state, calls, at) {
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    const others = Object.entries(state.inFlight).filter(
      ([name, { at: seen }]) => name !== replica && at - seen < replicaForgottenMs,
    );
    return limit - calls - others.reduce((sum, [, other]) => sum + other.calls, 0);
  },
});

/** A replica takes part in a quota that has started a call, or seen the end of one, within this time. */
const takesPartMs = 10_000;

/** Replicas that share the quota at the moment; at least one. */
export const replicasOf = ({ inFlight }: QuotaState, at: number): number =>
  Math.max(1, Object.values(inFlight).filter(({ at: seen }) => at - seen < takesPartMs).length);

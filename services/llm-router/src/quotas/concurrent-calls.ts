// Calls in flight, where the settings limit their number: each replica writes its own into the state that all share.
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
  withCalls: (state, calls, at) =>
    limit === undefined ? state : { ...state, inFlight: { ...state.inFlight, [replica]: { calls, at } } },
  mostMore(state, calls, at) {
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    const others = Object.entries(state.inFlight).filter(
      ([name, { at: seen }]) => name !== replica && at - seen < replicaForgottenMs,
    );
    return limit - calls - others.reduce((sum, [, other]) => sum + other.calls, 0);
  },
});

// What checks of a provider change of its breaker, which stands before those of its models. Pure.
//
// The breaker of a checked provider opens by its checks alone, and stays open as long as they fail. Checks that nobody makes any
// more hold up nobody: some time after one is due, requests probe the provider as they do a model.
import { type BreakerState, nextPeriod } from "./breaker-state.ts";

export interface HealthPolicy {
  readonly intervalMs: number;
  /** For one check, in milliseconds. */
  readonly timeoutMs: number;
  /** In a row, before the provider is left alone. */
  readonly failures: number;
}

/** Checks of many providers, and of many deployments, are not made together. */
const jitterShare = 0.2;
/** A check that is due is made by another replica where one has died. */
const graceIntervals = 0.5;

/**
 * @param random in [0, 1).
 * @returns the state in which the caller makes the check that is due; undefined when none is.
 */
export function withClaimedCheck(
  state: BreakerState,
  { intervalMs }: HealthPolicy,
  now: number,
  random: number,
): BreakerState | undefined {
  const { nextAt, failures } = state.check ?? { nextAt: 0, failures: 0 };
  if (now < nextAt) return undefined;
  return { ...state, check: { failures, nextAt: now + intervalMs * (1 + jitterShare * (random - 0.5)) } };
}

/** What one check came to. @param problem why it failed; undefined: it passed. */
export function withCheck(
  state: BreakerState,
  problem: string | undefined,
  { intervalMs, timeoutMs, failures: most }: HealthPolicy,
  now: number,
): BreakerState {
  const { nextAt, failures: before } = state.check ?? { nextAt: now, failures: 0 };
  if (problem === undefined) {
    const passed = { ...state, check: { nextAt, failures: 0 } };
    return state.phase === "closed" ? passed : nextPeriod(passed, "closed", now);
  }
  const failures = before + 1;
  const failed = { ...state, check: { nextAt, failures } };
  if (failures < most) return failed;
  const reason = `${failures} health checks in a row failed, the last with ${problem}`;
  const until = nextAt + timeoutMs + graceIntervals * intervalMs;
  if (state.phase === "open") return { ...failed, reason, until };
  return { ...nextPeriod(failed, "open", now, reason), openings: state.openings + 1, reason, until };
}

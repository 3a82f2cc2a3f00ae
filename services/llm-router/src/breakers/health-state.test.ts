import { describe, expect, test } from "vitest";
import { admission, type BreakerState, closedForMs, closedState } from "./breaker-state.ts";
import { withCheck, withClaimedCheck } from "./health-state.ts";

const policy = { intervalMs: 10_000, timeoutMs: 2_000, failures: 3 };
const breaker = {
  ...{ windowMs: 60_000, minimumCalls: 10, failureRate: 0.5, slowRate: 1 },
  ...{ openMs: 5_000, maxOpenMs: 60_000, probes: 1 },
};
const claimed = (state: BreakerState, now: number) => withClaimedCheck(state, policy, now, 0.5);
/** A check every interval from 0 on, each failed or passed. */
const checkedAs = (outcomes: readonly ("failed" | "passed")[]) => {
  let state = closedState(0);
  outcomes.forEach((outcome, index) => {
    const now = index * policy.intervalMs;
    state = withCheck(claimed(state, now)!, outcome === "failed" ? "PROVIDER_UNREACHABLE" : undefined, policy, now);
  });
  return state;
};

describe("a check", () => {
  test("is made by one of those that find it due", () => {
    const first = claimed(closedState(0), 0);
    expect(first?.check).toEqual({ nextAt: 10_000, failures: 0 });
    expect(claimed(first!, 5_000)).toBeUndefined();
    expect(claimed(first!, 10_000)?.check?.nextAt).toBe(20_000);
  });

  test.each([
    ["one failure", ["failed"], "closed"],
    ["failures with a passed check among them", ["failed", "failed", "passed", "failed", "failed"], "closed"],
    ["as many failures in a row as are wanted", ["failed", "failed", "failed"], "open"],
    ["failures after that", ["failed", "failed", "failed", "failed"], "open"],
    ["a check that passes", ["failed", "failed", "failed", "passed"], "closed"],
  ] as const)("after %s, the provider's breaker is as it should be", (_what, outcomes, phase) => {
    expect(checkedAs(outcomes).phase).toBe(phase);
  });

  test("that failed keeps the breaker open beyond the next one, and says why", () => {
    const open = checkedAs(["failed", "failed", "failed", "failed"]);
    expect(open.reason).toBe("4 health checks in a row failed, the last with PROVIDER_UNREACHABLE");
    expect(open.until).toBeGreaterThan(open.check!.nextAt + policy.timeoutMs);
    expect(open.changes.map(({ to }) => to)).toEqual(["open"]);
  });

  test("that nobody makes any more leaves the provider to probes", () => {
    const open = checkedAs(["failed", "failed", "failed"]);
    expect(closedForMs(open, breaker, open.until - 1)).toBe(1);
    expect(admission(open, { id: "a", forgottenAt: open.until + 1_000 }, breaker, open.until).kind).toBe("probe");
  });
});

import { describe, expect, test } from "vitest";
import {
  admission,
  type BreakerPolicy,
  type BreakerState,
  closedForMs,
  closedState,
  withCounts,
  withProbe,
} from "./breaker-state.ts";

const policy: BreakerPolicy = {
  windowMs: 60_000,
  minimumCalls: 10,
  failureRate: 0.5,
  slowRate: 0.8,
  openMs: 5_000,
  maxOpenMs: 40_000,
  probes: 2,
};
const told = (state: BreakerState, calls: number, failures: number, slow = 0, at = 0, replica = "a") =>
  withCounts(state, replica, { calls, failures, slow }, policy, at, 0);
const probe = (id: string) => ({ id, forgottenAt: 1e9 });
const halfOpen = (at: number, state = told(closedState(0), 10, 10)): BreakerState =>
  admission(state, probe("one"), policy, at).state;

describe("a closed breaker", () => {
  test.each([
    ["too few calls", 9, 9, 0, "closed"],
    ["few failures", 100, 49, 0, "closed"],
    ["as many failures as are allowed", 100, 50, 0, "open"],
    ["few slow calls", 100, 0, 79, "closed"],
    ["as many slow calls as are allowed", 100, 0, 80, "open"],
  ])("with %s", (_case, calls, failures, slow, phase) => {
    expect(told(closedState(0), calls, failures, slow).phase).toBe(phase);
  });

  test("adds up what all replicas have counted, and forgets what is old", () => {
    const one = told(closedState(0), 6, 6, 0, 0, "a");
    expect(told(one, 6, 6, 0, 30_000, "b")).toMatchObject({ phase: "open", reason: "12 of 12 calls failed" });
    expect(told(one, 6, 6, 0, 60_000, "b").phase).toBe("closed");
  });
});

describe("an open breaker", () => {
  test("refuses until its time is over, then lets a few probes pass", () => {
    const open = told(closedState(0), 10, 10);
    expect(admission(open, probe("one"), policy, 4_999)).toMatchObject({ kind: "refused", waitMs: 1 });
    const first = admission(open, probe("one"), policy, 5_000);
    const second = admission(first.state, probe("two"), policy, 5_000);
    expect([first.kind, second.kind, admission(second.state, probe("three"), policy, 5_000).kind]).toEqual([
      "probe",
      "probe",
      "refused",
    ]);
  });

  test("is open twice as long each time that a probe fails, up to a limit", () => {
    let state = told(closedState(0), 10, 10);
    const openFor: number[] = [];
    for (let round = 0; round < 5; round++) {
      openFor.push(state.until - state.since);
      const half = halfOpen(state.until, state);
      state = withProbe(half, { id: "one", period: half.period, verdict: "failed" }, policy, state.until, 0);
    }
    expect(openFor).toEqual([5_000, 10_000, 20_000, 40_000, 40_000]);
  });

  test("counts anew once it has been closed for a while", () => {
    const half = { ...halfOpen(5_000), passed: 1 };
    const closed = withProbe(half, { id: "one", period: half.period, verdict: "passed" }, policy, 6_000, 0);
    expect(closed).toMatchObject({ phase: "closed", openings: 1 });
    expect(told(closed, 10, 10, 0, 7_000)).toMatchObject({ phase: "open", openings: 2 });
    expect(told(closed, 10, 10, 0, 46_000)).toMatchObject({ phase: "open", openings: 1 });
  });
});

describe("a half-open breaker", () => {
  const half = halfOpen(5_000);
  const ended = (verdict: "passed" | "failed" | "slow" | "none", id = "one", state = half) =>
    withProbe(state, { id, period: half.period, verdict }, policy, 6_000, 0);

  test("closes when all probes succeed, and not before", () => {
    const one = ended("passed");
    expect(one.phase).toBe("half-open");
    const two = admission(one, probe("two"), policy, 6_000);
    expect(two.kind).toBe("probe");
    expect(admission(two.state, probe("three"), policy, 6_000).kind).toBe("refused");
    expect(ended("passed", "two", two.state).phase).toBe("closed");
  });

  test.each(["failed", "slow"] as const)("opens when a probe %s", (verdict) => {
    expect(ended(verdict)).toMatchObject({ phase: "open", openings: 2 });
  });

  test("gives the place of a probe that told nothing, or whose process died, to another", () => {
    const both = admission(half, probe("two"), policy, 5_000).state;
    expect(closedForMs(both, policy, 5_000)).toBeGreaterThan(0);
    expect(admission(ended("none", "one", both), probe("three"), policy, 5_000).kind).toBe("probe");
    expect(admission(both, probe("three"), policy, 1e9).kind).toBe("probe");
  });

  test("is not moved by a call of an earlier period", () => {
    expect(withProbe(half, { id: "one", period: half.period - 1, verdict: "failed" }, policy, 6_000, 0)).toBe(half);
    expect(withCounts(half, "a", { calls: 100, failures: 100, slow: 0 }, policy, 6_000, 0)).toBe(half);
  });
});

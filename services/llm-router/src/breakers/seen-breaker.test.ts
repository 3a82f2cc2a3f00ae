import { createLocalState, type SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { type BreakerState, closedState } from "./breaker-state.ts";
import { createSeenBreaker } from "./seen-breaker.ts";

const open: BreakerState = { ...closedState(0), phase: "open", period: 1, until: 60_000, openings: 1, reason: "it failed" };

function world(shared: SharedState<BreakerState>) {
  const phases: string[] = [];
  const clock = { now: 1_000_000 };
  const seen = createSeenBreaker({
    shared,
    key: "p/m",
    now: () => clock.now,
    onPhase: ({ phase }) => phases.push(phase),
    onOwnChange: () => undefined,
  });
  return { seen, phases, clock };
}
const keep = (state: BreakerState) => ({ next: state, result: { state } });

describe("what a process has seen of a breaker", () => {
  test("follows other replicas without a call's waiting, and is looked up first when it is old", async () => {
    const shared = createLocalState<BreakerState>();
    const { seen, clock } = world(shared);
    await seen.look();
    await shared.change("p/m", () => ({ next: open, result: undefined }));
    clock.now += 500;
    await seen.look();
    expect(seen.state.phase).toBe("closed");
    clock.now += 6_000;
    await seen.look();
    expect(seen.state.phase).toBe("open");
  });

  test("decides as it is while the broker is slow", async () => {
    const shared: SharedState<BreakerState> = { ...createLocalState(), get: () => new Promise(() => undefined) };
    const { seen, clock } = world(shared);
    await seen.change(() => keep(open));
    clock.now += 60_000;
    await seen.look();
    expect(seen.state.phase).toBe("open");
  });

  test("is not overtaken by an answer that was asked for before", async () => {
    const late = Promise.withResolvers<BreakerState | undefined>();
    const shared: SharedState<BreakerState> = { ...createLocalState(), get: () => late.promise };
    const { seen, phases } = world(shared);
    const looking = seen.look();
    await seen.change(() => keep(open));
    late.resolve(closedState(0));
    await looking;
    expect(phases).toEqual(["open"]);
  });

  test("begins anew when the shared state was lost", async () => {
    const { seen, phases, clock } = world({ ...createLocalState(), get: async () => undefined });
    await seen.change(() => keep(open));
    clock.now += 60_000;
    await seen.look();
    expect(phases).toEqual(["open", "closed"]);
  });
});

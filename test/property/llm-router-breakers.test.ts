// Breakers of several replicas over random calls, crashes and waits, on a clock of the test's own.
import type { BreakerPhase, BreakerState, CallVerdict } from "@nocp/llm-router/breakers/breaker-state.ts";
import { type Breakers, createBreakers } from "@nocp/llm-router/breakers/breakers.ts";
import type { StartedCall } from "@nocp/llm-router/breakers/model-breaker.ts";
import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const candidate = { provider: "p", model: "m" };
const policy = { windowMs: 10_000, minimumCalls: 4, failureRate: 0.5, slowRate: 0.8, openMs: 1_000, maxOpenMs: 8_000, probes: 2 };
const jitter = 1.2;
/** Of each call. */
const timeoutMs = 3_000;
const forgottenMs = timeoutMs + 5_000;

type Step =
  | { readonly kind: "begin"; readonly replica: number }
  | { readonly kind: "end"; readonly call: number; readonly verdict: CallVerdict }
  | { readonly kind: "crash"; readonly call: number }
  | { readonly kind: "wait"; readonly ms: number };

const stepsOf = (replicas: number) =>
  fc.array(
    fc.oneof(
      { arbitrary: fc.record({ kind: fc.constant("begin" as const), replica: fc.nat(replicas - 1) }), weight: 5 },
      {
        arbitrary: fc.record({
          kind: fc.constant("end" as const),
          call: fc.nat(),
          verdict: fc.constantFrom<CallVerdict>("passed", "failed", "failed", "slow", "none"),
        }),
        weight: 5,
      },
      { arbitrary: fc.record({ kind: fc.constant("crash" as const), call: fc.nat() }), weight: 1 },
      { arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 4_000 }) }), weight: 2 },
    ),
    { maxLength: 120 },
  );

interface Running {
  readonly started: StartedCall;
  readonly period: number;
  readonly beganAt: number;
  hasPassed: boolean;
}

/** What is true of breakers whatever happens, and what happened. */
function createWorld(replicas: number) {
  const states = new Map<string, BreakerState>();
  let now = 1_000_000;
  const options = { shared: createLocalState(states), policy, now: () => now, random: () => 0.5 };
  const observe = { changed: () => undefined, made: () => undefined, refused: () => undefined, probed: () => undefined };
  const all: Breakers[] = Array.from({ length: replicas }, () => createBreakers({ ...options, observe }));
  let running: Running[] = [];
  /** By period: probes that run or have succeeded. */
  const places = new Map<number, Set<Running>>();
  const state = () => states.get("p/m");
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const checkState = (before: { phase: BreakerPhase; openings: number } | undefined) => {
    const after = state();
    if (after?.phase !== "open" || before?.phase === "open") return;
    const openMs = after.until - after.since;
    const expected = Math.min(policy.maxOpenMs, policy.openMs * 2 ** (after.openings - 1));
    expect(openMs).toBeGreaterThanOrEqual(expected);
    expect(openMs).toBeLessThanOrEqual(expected * jitter);
    expect(after.openings).toBeLessThanOrEqual((before?.openings ?? 0) + 1);
  };
  const begin = async (replica: number): Promise<Running | undefined> => {
    const breakers = all[replica]!;
    await breakers.refusal(candidate);
    const before = state();
    const started = await breakers.start(candidate, now + timeoutMs);
    await settle();
    if (!("done" in started)) {
      expect(started.waitMs).toBeGreaterThan(0);
      expect(before?.phase).not.toBe("closed");
      return undefined;
    }
    const { phase = "closed", period = 0 } = state() ?? {};
    const call = { started, period, beganAt: now, hasPassed: false };
    running.push(call);
    if (!started.isProbe) return call;
    // B1, B2.
    expect(phase).toBe("half-open");
    expect(before?.phase === "open" ? now : Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(before?.until ?? 0);
    const held = places.get(period) ?? new Set();
    for (const other of held) if (!other.hasPassed && other.beganAt + forgottenMs <= now) held.delete(other);
    held.add(call);
    places.set(period, held);
    expect(held.size).toBeLessThanOrEqual(policy.probes);
    return call;
  };
  const end = async (call: Running, verdict: CallVerdict) => {
    const before = state();
    running = running.filter((other) => other !== call);
    call.started.done(verdict);
    await settle();
    if (verdict === "none") places.get(call.period)?.delete(call);
    if (verdict === "passed") call.hasPassed = true;
    // B3.
    const after = state();
    if (before && call.period !== before.period) expect([after?.phase, after?.period]).toEqual([before.phase, before.period]);
    checkState(before);
  };
  const pick = (index: number): Running | undefined => (running.length === 0 ? undefined : running[index % running.length]);
  return {
    begin,
    end,
    state,
    wait: (ms: number) => {
      now += ms;
    },
    async run(steps: readonly Step[]) {
      for (const step of steps) {
        const call = "call" in step ? pick(step.call) : undefined;
        if (step.kind === "begin") await begin(step.replica);
        else if (step.kind === "wait") now += step.ms;
        else if (step.kind === "end" && call) await end(call, step.verdict);
        // Nobody says what came of it, and its place is free when its lease ends.
        else if (step.kind === "crash") running = running.filter((other) => other !== call);
      }
    },
  };
}

describe.each([1, 3])("breakers of %i replica(s)", (replicas) => {
  test("keep their invariants whatever happens, and close again when the provider answers", async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(replicas), async (steps) => {
        const world = createWorld(replicas);
        await world.run(steps);
        const { phase } = world.state() ?? {};
        if (phase === undefined || phase === "closed") return;
        world.wait(policy.maxOpenMs * jitter + forgottenMs);
        for (let probe = 0; world.state()?.phase !== "closed"; probe++) {
          expect(probe).toBeLessThan(policy.probes);
          const call = await world.begin(probe % replicas);
          expect(call?.started.isProbe).toBe(true);
          await world.end(call!, "passed");
        }
      }),
      { numRuns: 300 },
    );
  });

  test("open exactly when there were enough calls and as many failures as are too many", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), async (outcomes) => {
        const world = createWorld(replicas);
        let failures = 0;
        for (const [index, fails] of outcomes.entries()) {
          // All failures are told at once, and successes with the next failure of the same replica.
          const call = await world.begin(replicas === 1 ? 0 : index % replicas);
          await world.end(call!, fails ? "failed" : "passed");
          failures += fails ? 1 : 0;
          const isTooMany = index + 1 >= policy.minimumCalls && failures >= (index + 1) * policy.failureRate;
          if (world.state()?.phase === "open") {
            expect(failures).toBeGreaterThanOrEqual(policy.minimumCalls * policy.failureRate);
            if (replicas === 1) expect(isTooMany && fails).toBe(true);
            return;
          }
          if (replicas === 1 && fails) expect(isTooMany).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

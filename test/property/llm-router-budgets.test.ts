// A budget's counter over random reservations, settlements and crashes of several replicas, on a clock of the test's own.
import { type Counter, createCounter } from "@nocp/runtime/budgets/counter.ts";
import { type CounterState, leaseMs, totalsOf } from "@nocp/runtime/budgets/counter-state.ts";
import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import { createManualClock } from "@nocp/runtime/testing/manual-clock.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const replicas = 3;
const limit = 1_000;
const tolerance = 1e-6;

type Step =
  | { readonly kind: "reserve"; readonly replica: number; readonly amount: number }
  | { readonly kind: "settle"; readonly call: number; readonly share: number }
  | { readonly kind: "crash"; readonly replica: number }
  | { readonly kind: "wait"; readonly ms: number };

/** Has a last digit that depends on what it is added to. */
const money = fc.double({ min: 0.001, max: 20, noNaN: true });

const steps = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constant("reserve" as const),
        replica: fc.nat(replicas - 1),
        amount: fc.oneof(fc.integer({ min: 1, max: 20 }), money, fc.integer({ min: 100, max: 600 })),
      }),
      weight: 6,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant("settle" as const),
        call: fc.nat(),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      weight: 6,
    },
    { arbitrary: fc.record({ kind: fc.constant("crash" as const), replica: fc.nat(replicas - 1) }), weight: 1 },
    { arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 5_000 }) }), weight: 2 },
  ),
  { maxLength: 60 },
);

interface Call {
  readonly replica: number;
  readonly amount: number;
}

function createWorld() {
  const clock = createManualClock();
  const states = new Map<string, CounterState>();
  const shared = createLocalState(states);
  let generation = 0;
  const nameOf = new Map<Counter, string>();
  /** Processes that died say nothing more. */
  const dead = new Set<string>();
  const start = (): Counter => {
    const replica = `r${generation++}`;
    const own: typeof shared = {
      ...shared,
      change: (key, change) => (dead.has(replica) ? new Promise(() => undefined) : shared.change(key, change)),
    };
    const counter = createCounter({ key: "c", replica, shared: own, limit: () => limit, clock });
    nameOf.set(counter, replica);
    return counter;
  };
  const counters = Array.from({ length: replicas }, start);
  /** By replica, since it was started: what it has spent, to tell what of it a crash loses. */
  const spentBy = Array.from({ length: replicas }, () => 0);
  let running: Call[] = [];
  let spent = 0;
  /** What was in flight, or not told yet, when processes died. */
  let lost = 0;
  const known = () => totalsOf(states.get("c") ?? { settled: 0, replicas: {}, wantedUntil: 0 }, clock.now());
  const checkLimit = () => {
    const open = running.reduce((sum, { amount }) => sum + amount, 0);
    expect(spent + open).toBeLessThanOrEqual(limit + lost + tolerance);
  };
  const reserve = async (replica: number, amount: number): Promise<string> => {
    const { kind } = await counters[replica]!.reserve(amount);
    if (kind === "reserved") running.push({ replica, amount });
    // Never in vain: what is spent leaves no room for it.
    if (kind === "exhausted") expect(spent + amount).toBeGreaterThan(limit - tolerance);
    checkLimit();
    return kind;
  };
  const settle = (call: Call, cost: number) => {
    running = running.filter((other) => other !== call);
    counters[call.replica]!.settle(call.amount, cost);
    spent += cost;
    spentBy[call.replica]! += cost;
    checkLimit();
  };
  const crash = (replica: number) => {
    const inFlight = running.filter((call) => call.replica === replica);
    running = running.filter((call) => call.replica !== replica);
    dead.add(nameOf.get(counters[replica]!)!);
    const worst = inFlight.reduce((sum, { amount }) => sum + amount, 0);
    lost += worst + spentBy[replica]!;
    spentBy[replica] = 0;
    counters[replica] = start();
    // Their requests are delivered again, elsewhere, and what they may have cost is charged.
    counters[(replica + 1) % replicas]!.charge(worst);
    spent += worst;
    spentBy[(replica + 1) % replicas]! += worst;
  };
  return {
    async run(all: readonly Step[]) {
      for (const step of all) {
        if (step.kind === "reserve") await reserve(step.replica, step.amount);
        else if (step.kind === "wait") {
          await clock.pass(step.ms);
          // All timers that tell have fired: nothing is left that a crash could lose.
          if (step.ms > 200) spentBy.fill(0);
        } else if (step.kind === "crash") crash(step.replica);
        else if (running.length > 0) {
          const call = running[step.call % running.length]!;
          settle(call, call.amount * step.share);
        }
      }
    },
    async finish() {
      for (const call of running) settle(call, call.amount);
      await clock.pass(2 * leaseMs);
      const { spent: told, held } = known();
      expect(held).toBe(0);
      expect(told).toBeLessThanOrEqual(spent + tolerance);
      expect(told).toBeGreaterThanOrEqual(spent - lost - tolerance);
      // What is left can be had, by whoever asks, to the last.
      const left = limit - told;
      if (left <= tolerance) return;
      expect(await reserve(0, left)).toBe("reserved");
      expect(await reserve(1, 1)).toBe("busy");
      expect(counters[2]!.isIdle).toBe(true);
    },
  };
}

test("what a call cost is told soon, also where a lease is to be renewed later", async () => {
  const world = createWorld();
  await world.run([
    { kind: "reserve", replica: 2, amount: 100 },
    { kind: "settle", call: 0, share: 0.5 },
    { kind: "wait", ms: 201 },
    { kind: "crash", replica: 2 },
  ]);
  await world.finish();
});

test("what is spent never exceeds the limit by more than crashes lost, nothing is refused in vain, and nothing leaks", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = createWorld();
      await world.run(all);
      await world.finish();
    }),
    { numRuns: 1_000 },
  );
});

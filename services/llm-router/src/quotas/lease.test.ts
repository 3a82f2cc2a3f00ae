import { createLocalState, type SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { leasedCalls, leaseMs } from "./lease.ts";
import { createQuotaLimiter, type LimiterOptions } from "./quota-limiter.ts";
import type { QuotaState } from "./quota-state.ts";
import type { AskedTurn, Turn, TurnOutcome } from "./turn.ts";

const candidate = { provider: "p", model: "m" };
const key = "p/m";
let asked = 0;
const ask = (more: Partial<AskedTurn> = {}): AskedTurn => ({
  candidate,
  requestId: `r${asked++}`,
  tenant: "t",
  lane: "interactive",
  inputTokens: 100,
  maxOutputTokens: 10,
  deadlineAt: Number.POSITIVE_INFINITY,
  patienceMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  ...more,
});

/** A state whose changes are counted, and replicas that share it; time is the test's own. */
function createWorld(settings: LimiterOptions["settings"][string]) {
  const states = new Map<string, QuotaState>();
  const local = createLocalState(states);
  const seen = { changes: 0, at: 1_000_000 };
  const shared: SharedState<QuotaState> = {
    ...local,
    change: (name, change) => {
      seen.changes += 1;
      return local.change(name, change);
    },
  };
  const replica = () => createQuotaLimiter({ shared, settings: { [key]: settings }, concurrency: 64, now: () => seen.at });
  return { seen, replica, state: () => states.get(key)! };
}
type Replica = ReturnType<ReturnType<typeof createWorld>["replica"]>;

const settle = () => new Promise((resolve) => setImmediate(resolve));
const answered: TurnOutcome = { kind: "answered", tokens: { input: 100, output: 10 } };

/** Whether it starts without waiting for time to pass. */
async function startedOf(turn: Promise<Turn>): Promise<Extract<Turn, { kind: "turn" }> | undefined> {
  let started: Extract<Turn, { kind: "turn" }> | undefined;
  turn.then(
    (result) => {
      if (result.kind === "turn") started = result;
    },
    () => undefined,
  );
  await settle();
  return started;
}

/** One call every millisecond, each over before the next. @returns how many started at once. */
async function callFor(ms: number, limiter: Replica, seen: { at: number }, outcome = answered): Promise<number> {
  let count = 0;
  for (let step = 0; step < ms; step++) {
    seen.at += 1;
    const turn = await startedOf(limiter.turn(ask()));
    turn?.done(outcome);
    if (turn) count += 1;
  }
  return count;
}

test.each([
  ["what is wished", 10, 1_000, 10],
  ["an eighth of what is left", 100, 80, 10],
  ["nothing of little", 100, 15, 0],
  ["nothing for a call now and then", 1.5, 1_000, 0],
])("a process takes %s", (_what, wished, left, calls) => {
  expect(leasedCalls(wished, left)).toBe(calls);
});

describe("far from its limit, a quota is asked for now and then", () => {
  test.each([
    ["of requests", { requestsPerMinute: 600_000 }],
    ["of tokens", { tokensPerMinute: 600_000_000 }],
    ["of calls at once", { concurrentCalls: 200 }],
    ["of all three", { requestsPerMinute: 600_000, tokensPerMinute: 600_000_000, concurrentCalls: 200 }],
  ])("%s", async (_name, settings) => {
    const { seen, replica } = createWorld(settings);
    const limiter = replica();
    await callFor(200, limiter, seen);
    seen.changes = 0;
    const calls = 1_000;
    expect(await callFor(calls, limiter, seen)).toBe(calls);
    expect(seen.changes).toBeLessThan(calls / 25);
  });

  test("and what calls took beyond what was expected is counted all the same", async () => {
    const { seen, replica, state } = createWorld({ tokensPerMinute: 60_000_000 });
    const limiter = replica();
    const start = seen.at;
    // 110 are expected at first; a call takes nearly as much as comes back in the meantime.
    await callFor(400, limiter, seen, { kind: "answered", tokens: { input: 850, output: 10 } });
    seen.at += leaseMs;
    await startedOf(limiter.turn(ask()));
    const { level, perMs, capacity } = state().tokens!;
    expect(seen.at - start).toBeGreaterThan(400);
    expect(level).toBeLessThan(capacity);
    expect(perMs).toBeCloseTo(950, 0);
  });
});

describe("what a lease holds", () => {
  const generous = { requestsPerMinute: 600_000 };

  test("is given back when nobody asks any more", async () => {
    const { seen, replica, state } = createWorld(generous);
    await callFor(100, replica(), seen);
    await expect.poll(() => state().started, { timeout: 30_000 }).toBe(100);
  });

  test("is not used after a refusal", async () => {
    const { seen, replica } = createWorld(generous);
    const limiter = replica();
    await callFor(100, limiter, seen);
    const turn = await startedOf(limiter.turn(ask()));
    turn?.done({ kind: "refused", retryAfterMs: 60_000 });
    await settle();
    const controller = new AbortController();
    const waiting = limiter.turn(ask({ signal: controller.signal }));
    expect(await startedOf(waiting)).toBeUndefined();
    controller.abort(new Error("over"));
    await expect(waiting).rejects.toThrow("over");
  });
});

test("replicas together never start more than the quota allows, whatever they hold", async () => {
  const perMs = (60_000 / 60_000) * 0.95;
  const { seen, replica, state } = createWorld({ requestsPerMinute: 60_000 });
  const replicas = [replica(), replica(), replica()];
  const controller = new AbortController();
  const begin = seen.at;
  let started = 0;
  // Far more than there is room for, from all of them.
  for (let step = 0; step < 300; step++) {
    seen.at += 1;
    for (const limiter of replicas) {
      limiter.turn(ask({ signal: controller.signal })).then(
        (turn) => {
          if (turn.kind !== "turn") return;
          started += 1;
          turn.done({ kind: "answered" });
        },
        () => undefined,
      );
    }
    await settle();
    expect(started).toBeLessThanOrEqual(state().requests!.capacity + (seen.at - begin) * perMs + 1);
  }
  controller.abort(new Error("over"));
});

test("a call that ends in another replica makes room for one that waits here", async () => {
  const { seen, replica } = createWorld({ concurrentCalls: 1 });
  const [one, other] = [replica(), replica()];
  const running = await startedOf(one.turn(ask()));
  const waiting = other.turn(ask());
  expect(await startedOf(waiting)).toBeUndefined();
  running?.done(answered);
  seen.at += 1_000;
  expect((await waiting).kind).toBe("turn");
});

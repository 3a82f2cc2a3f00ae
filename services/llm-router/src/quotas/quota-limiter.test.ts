import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { createQuotaLimiter } from "./quota-limiter.ts";
import type { ConfiguredQuota, QuotaState } from "./quota-state.ts";
import type { AskedTurn, Turn } from "./turn.ts";

const limiterOf = (settings: Readonly<Record<string, ConfiguredQuota>> = {}, shared = createLocalState<QuotaState>()) =>
  createQuotaLimiter({ shared, settings, concurrency: 32, now: () => performance.now() + 1_000_000, random: () => 0.5 });
let asked = 0;
const ask = (more: Partial<AskedTurn> = {}): AskedTurn => ({
  candidate: { provider: "p", model: "m" },
  requestId: `r${asked++}`,
  tenant: "t",
  lane: "interactive",
  inputTokens: 100,
  maxOutputTokens: 10,
  deadlineAt: 1e12,
  patienceMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  ...more,
});
const started = async (turn: Promise<Turn>) => {
  const result = await turn;
  if (result.kind !== "turn") return expect.unreachable(`it came back: ${JSON.stringify(result)}`);
  return result;
};
/** Whether it starts within a moment. */
const startsNow = (turn: Promise<Turn>): Promise<boolean> =>
  Promise.race([turn.then(({ kind }) => kind === "turn"), new Promise<boolean>((resolve) => setTimeout(resolve, 30, false))]);

describe("a quota of which nothing is known", () => {
  test("gets a few calls, and with each answer more", async () => {
    const limiter = limiterOf();
    const turns = Array.from({ length: 10 }, () => limiter.turn(ask()));
    const howMany = async () => (await Promise.all(turns.map(startsNow))).filter(Boolean).length;
    expect(await howMany()).toBe(3);
    (await started(Promise.race(turns))).done({ kind: "answered" });
    expect(await howMany()).toBe(5);
  });

  test("is open when the vendor reports that plenty is left", async () => {
    const limiter = limiterOf();
    const reported = { requests: { limit: 10_000, remaining: 9_999, resetMs: 6 } };
    (await started(limiter.turn(ask()))).done({ kind: "answered", reported });
    const turns = Array.from({ length: 30 }, () => limiter.turn(ask()));
    expect((await Promise.all(turns.map(startsNow))).every(Boolean)).toBe(true);
  });

  test("holds up nobody who needs another one", async () => {
    const limiter = limiterOf();
    const stuck = Array.from({ length: 20 }, () => limiter.turn(ask()));
    expect(await startsNow(stuck[19]!)).toBe(false);
    expect(await startsNow(limiter.turn(ask({ candidate: { provider: "other", model: "m" } })))).toBe(true);
  });
});

describe("a limited quota", () => {
  const slow = { "p/m": { requestsPerMinute: 60 } };

  test("keeps a few requests here and sends the others back until about their turn", async () => {
    const limiter = limiterOf(slow);
    const controller = new AbortController();
    const turns = Array.from({ length: 12 }, () => limiter.turn(ask({ signal: controller.signal })));
    const settled = await Promise.all(
      turns.map((turn) => Promise.race([turn, new Promise<undefined>((resolve) => setTimeout(resolve, 60, undefined))])),
    );
    const later = settled.filter((turn) => turn?.kind === "later");
    expect(settled.filter((turn) => turn?.kind === "turn")).toHaveLength(1);
    expect(later.length).toBeGreaterThanOrEqual(6);
    const delays = later.map((turn) => (turn?.kind === "later" ? turn.delayMs : 0));
    expect(new Set(delays).size).toBe(delays.length);
    expect(Math.min(...delays)).toBeGreaterThan(1_000);
    controller.abort(new Error("over"));
    await Promise.allSettled(turns);
  });

  test("is not waited for past the deadline, nor past the patience of a request with another candidate", async () => {
    const limiter = limiterOf({ "p/m": { requestsPerMinute: 1 } });
    (await started(limiter.turn(ask()))).done({ kind: "answered" });
    const waiting = new AbortController();
    const first = limiter.turn(ask({ signal: waiting.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await limiter.turn(ask({ deadlineAt: performance.now() + 1_000_000 + 5_000 }))).toMatchObject({ kind: "later" });
    expect(await limiter.turn(ask({ patienceMs: 5_000 }))).toMatchObject({ kind: "later", isTooLong: true });
    waiting.abort(new Error("cancelled"));
    await expect(first).rejects.toThrow("cancelled");
  });

  test("limits the calls at once over all replicas", async () => {
    const shared = createLocalState<QuotaState>();
    const settings = { p: { concurrentCalls: 2 } };
    const [one, other] = [limiterOf(settings, shared), limiterOf(settings, shared)];
    const turns = [one.turn(ask()), other.turn(ask({ candidate: { provider: "p", model: "another" } })), one.turn(ask())];
    expect(await Promise.all(turns.map(startsNow))).toEqual([true, true, false]);
    (await started(turns[0]!)).done({ kind: "answered" });
    expect(await startsNow(turns[2]!)).toBe(true);
  });

  test("is known to the other replicas once one of them was refused", async () => {
    const shared = createLocalState<QuotaState>();
    const [one, other] = [limiterOf({}, shared), limiterOf({}, shared)];
    (await started(one.turn(ask()))).done({ kind: "refused", retryAfterMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const controller = new AbortController();
    const waiting = other.turn(ask({ signal: controller.signal }));
    expect(await startsNow(waiting)).toBe(false);
    controller.abort(new Error("over"));
    await expect(waiting).rejects.toThrow("over");
  });
});

describe("a quota of tokens that the vendor reports", () => {
  const reported = (remaining: number) => ({ tokens: { limit: 1_000, remaining, resetMs: 1_000_000 } });
  const levelIn = async (shared: ReturnType<typeof createLocalState<QuotaState>>) => (await shared.get("p/m"))?.tokens?.level;

  test("counts what a call took once, though the report has it too", async () => {
    const shared = createLocalState<QuotaState>();
    const limiter = limiterOf({}, shared);
    (await started(limiter.turn(ask()))).done({ kind: "answered", reported: reported(800), tokens: { input: 190, output: 10 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await started(limiter.turn(ask()));
    second.done({ kind: "answered", reported: reported(400), tokens: { input: 390, output: 10 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await levelIn(shared)).toBeCloseTo(400, -1);
  });

  test("expects of the next prompts what the vendor counted of the last ones", async () => {
    const shared = createLocalState<QuotaState>();
    const limiter = limiterOf({}, shared);
    (await started(limiter.turn(ask()))).done({ kind: "answered", reported: reported(900), tokens: { input: 300, output: 10 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await started(limiter.turn(ask()));
    // 100 tokens of ours: 160 after one answer that had three times as many, and 10 of the answer.
    expect(await levelIn(shared)).toBeCloseTo(900 - 170, -1);
  });
});

test("who waited for a turn is told once when that is over, and who did not is not told", async () => {
  let waits = 0;
  const onWaited = () => void waits++;
  await started(limiterOf().turn(ask({ onWaited })));
  const limiter = limiterOf({ p: { concurrentCalls: 1 } });
  const first = await started(limiter.turn(ask()));
  const second = limiter.turn(ask({ onWaited }));
  expect(await startsNow(second)).toBe(false);
  expect(waits).toBe(0);
  first.done({ kind: "answered" });
  await started(second);
  expect(waits).toBe(1);
  const controller = new AbortController();
  const third = limiter.turn(ask({ onWaited, signal: controller.signal }));
  expect(await startsNow(third)).toBe(false);
  controller.abort(new Error("over"));
  await expect(third).rejects.toThrow("over");
  expect(waits).toBe(2);
});

test("a signal ends the wait with its reason", async () => {
  const limiter = limiterOf({ "p/m": { requestsPerMinute: 1 } });
  await started(limiter.turn(ask()));
  const controller = new AbortController();
  const turn = limiter.turn(ask({ signal: controller.signal }));
  const reason = Object.assign(new Error("cancelled")) as unknown as NocpError;
  controller.abort(reason);
  await expect(turn).rejects.toBe(reason);
});

test("a request that comes back too early is not counted twice: the next wait is as long as the queue before it needs", async () => {
  const limiter = limiterOf({ "p/m": { requestsPerMinute: 600 } });
  const ids = Array.from({ length: 40 }, (_, at) => `request-${at}`);
  const delays: number[] = [];
  // A room of four is full with the first ones; the others are sent away time and again.
  for (let round = 0; round < 10; round++) {
    for (const requestId of ids) {
      void limiter.turn(ask({ requestId })).then((turn) => turn.kind === "later" && delays.push(turn.delayMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  expect(delays.length).toBeGreaterThan(100);
  // Forty requests at ten a second are four seconds.
  expect(Math.max(...delays)).toBeLessThan(6_000);
});

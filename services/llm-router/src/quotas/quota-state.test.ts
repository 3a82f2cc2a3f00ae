import { expect, test } from "vitest";
import {
  configuredState,
  isNear,
  requestsPerMs,
  startsIn,
  withoutRefused,
  withRefusal,
  withReport,
  withStart,
} from "./quota-state.ts";

const now = 1_000_000;
const refused = { retryAfterMs: 1_000, recentSuccesses: 1, random: 0 };

test("a pace guessed from refusals gives way to what the vendor reports, of tokens too", () => {
  const guessed = withRefusal(undefined, refused, now);
  expect(requestsPerMs(guessed)).toBe(1 / 1_000);
  const tokens = { limit: 2_500, remaining: 2_000, resetMs: 200 };
  const reported = withReport(guessed, { tokens }, { calls: 0, tokens: 0 }, now);
  expect(requestsPerMs(reported)).toBe(Number.POSITIVE_INFINITY);
  expect(startsIn(reported, 1, 500, now)).toBe(1_000);
  expect(startsIn(reported, 1, 500, now + 1_000)).toBe(0);
});

test("what the settings say stands, whatever is reported", () => {
  const configured = configuredState({ requestsPerMinute: 60 }, now);
  const requests = { limit: 9, remaining: 9, resetMs: 1 };
  expect(withReport(configured, { requests }, { calls: 0, tokens: 0 }, now)).toBe(configured);
});

test("a learned pace falls with each episode of refusals, and grows again", () => {
  let state = withRefusal(undefined, { ...refused, recentSuccesses: 5 }, now);
  const first = requestsPerMs(state);
  for (let second = 2; second < 6; second++) state = withStart(state, 1, 0, now + second * 1_000);
  expect(requestsPerMs(state)).toBeGreaterThan(first);
  const before = requestsPerMs(state);
  state = withRefusal(state, refused, now + 6_000);
  expect(requestsPerMs(state)).toBeLessThan(before);
  const again = withRefusal(state, refused, now + 6_100);
  expect(requestsPerMs(again)).toBe(requestsPerMs(state));
});

test("a small quota has turns from the start, of tokens as of requests", () => {
  const full = (limit: number) => ({ limit, remaining: limit, resetMs: 0 });
  expect(isNear({ requests: full(200) }, 500)).toBe(true);
  expect(isNear({ requests: full(201) }, 500)).toBe(false);
  expect(isNear({ tokens: full(200 * 500) }, 500)).toBe(true);
  expect(isNear({ tokens: full(200 * 500 + 1) }, 500)).toBe(false);
  expect(isNear({ tokens: { limit: 1_000_000, remaining: 499_999, resetMs: 1 } }, 500)).toBe(true);
});

test.each([
  ["tokens", 500],
  ["requests", 1],
] as const)("a refused call takes no %s, unless the report of what is left has counted it", (counts, ofCall) => {
  const idle = { calls: 0, tokens: 0 };
  const report = (remaining: number) => ({ [counts]: { limit: 10 * ofCall, remaining, resetMs: 1_000 } });
  const started = withStart(withReport(undefined, report(3 * ofCall), idle, now), 1, 500, now);
  expect(started[counts]?.level).toBe(2 * ofCall);
  const after = (remaining: number) =>
    withReport(withoutRefused(started, report(remaining), 500, now), report(remaining), idle, now)[counts]?.level;
  expect(after(3 * ofCall)).toBe(3 * ofCall);
  expect(after(2 * ofCall)).toBe(2 * ofCall);
});

import { expect, test } from "vitest";
import { createCandidateLoads } from "./candidate-loads.ts";

const candidate = { provider: "p", model: "m" };
const second = 1_000;

function loadsAt() {
  let now = 0;
  const loads = createCandidateLoads(() => now);
  const call = (latencyMs: number, hasAnswered = true) => loads.begin(candidate)({ hasAnswered, latencyMs });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { loads, call, pass, latency: () => loads.of(candidate).latencyMs };
}

test("calls in flight are counted, and each end once", () => {
  const { loads } = loadsAt();
  const ends = [loads.begin(candidate), loads.begin(candidate)];
  expect(loads.of(candidate).inFlight).toBe(2);
  ends[0]!(undefined);
  ends[0]!(undefined);
  expect(loads.of(candidate)).toEqual({ inFlight: 1, latencyMs: undefined });
  expect(loads.of({ provider: "p", model: "other" })).toEqual({ inFlight: 0, latencyMs: undefined });
});

test("a slower answer counts at once, a faster one little by little", () => {
  const { call, latency, pass } = loadsAt();
  call(100);
  expect(latency()).toBe(100);
  call(500);
  expect(latency()).toBe(500);
  pass(second);
  call(100);
  expect(latency()!).toBeGreaterThan(400);
  for (let calls = 0; calls < 300; calls++) {
    pass(second);
    call(100);
  }
  expect(latency()!).toBeCloseTo(100, -1);
});

test("a call that fails at once is slow, and a second failure slower", () => {
  const { call, latency } = loadsAt();
  call(50);
  call(1, false);
  expect(latency()).toBe(2 * second);
  call(1, false);
  expect(latency()).toBe(4 * second);
});

test("what was slow is forgotten when nothing is heard of it", () => {
  const { call, latency, pass } = loadsAt();
  call(10 * second);
  pass(120 * second);
  expect(latency()!).toBeLessThan(second);
});

test("names that come with requests do not pile up, and calls in flight stay counted", () => {
  const { loads } = loadsAt();
  loads.begin(candidate);
  for (let index = 0; index < 5_000; index++)
    loads.begin({ provider: "p", model: `m${index}` })({ hasAnswered: true, latencyMs: 7 });
  expect(loads.of({ provider: "p", model: "m0" }).latencyMs).toBeUndefined();
  expect(loads.of({ provider: "p", model: "m4999" }).latencyMs).toBe(7);
  expect(loads.of(candidate).inFlight).toBe(1);
});

import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { scriptedProvider } from "../../../../test/fixtures/llm-router-fixtures.ts";
import type { BreakerState } from "./breaker-state.ts";
import { createBreakers } from "./breakers.ts";
import { checkedProviders } from "./checked-providers.ts";
import { startHealthChecks } from "./health-checks.ts";

const breakerPolicy = {
  ...{ windowMs: 60_000, minimumCalls: 10, failureRate: 0.5, slowRate: 1 },
  ...{ openMs: 5_000, maxOpenMs: 60_000, probes: 1 },
};
const policy = { intervalMs: 10_000, timeoutMs: 1_000, failures: 2 };
const candidate: RouteCandidate = { provider: "first", model: "m" };
const deadlineAt = Number.MAX_SAFE_INTEGER;

/** Replicas with one shared state, and a clock that stands until it is told to go on. */
function world(replicas: number) {
  const shared = createLocalState<BreakerState>();
  const clock = { now: 1_000_000 };
  const due: { at: number; work: () => void }[] = [];
  const checks: (string | undefined)[] = [];
  const provider = { answer: async (): Promise<void> => undefined };
  const made = Array.from({ length: replicas }, (_, index) => {
    const observe = { changed: () => undefined, made: () => undefined, refused: () => undefined, probed: () => undefined };
    const options = { shared, policy: breakerPolicy, now: () => clock.now, random: () => index / replicas, observe };
    const breakers = createBreakers(options, new Set(["first"]));
    const stop = startHealthChecks({
      providers: [{ name: "first", policy, check: () => provider.answer() }],
      ...{ breakerOf: breakers.ofProvider, now: options.now, random: options.random },
      after: (delayMs, work) => {
        const timer = { at: clock.now + delayMs, work };
        due.push(timer);
        return () => void due.splice(due.indexOf(timer), 1);
      },
      onCheck: (_name, problem) => checks.push(problem),
    });
    return { breakers, stop };
  });
  const pass = async (ms: number): Promise<void> => {
    const until = clock.now + ms;
    for (;;) {
      due.sort((one, other) => one.at - other.at);
      const next = due[0];
      if (!next || next.at > until) break;
      due.shift();
      clock.now = Math.max(clock.now, next.at);
      next.work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.now = until;
  };
  return { replicas: made, provider, checks, pass, due };
}
const dead = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));

describe("health checks", () => {
  test("are made by one of all replicas", async () => {
    const { checks, pass } = world(3);
    await pass(100_000);
    // Each interval is up to a tenth longer or shorter.
    expect(checks.length).toBeGreaterThanOrEqual(8);
    expect(checks.length).toBeLessThanOrEqual(12);
    expect(new Set(checks)).toEqual(new Set([undefined]));
  });

  test("that fail in a row keep all models of the provider from being called, at every replica, until one passes", async () => {
    const { provider, pass, replicas } = world(2);
    provider.answer = dead;
    await pass(40_000);
    for (const { breakers } of replicas) {
      const refused = await breakers.refusal(candidate);
      expect(refused?.reason).toContain("health checks in a row failed, the last with PROVIDER_UNREACHABLE");
      expect("done" in (await breakers.start({ ...candidate, model: "another" }, deadlineAt))).toBe(false);
      expect(await breakers.refusal({ provider: "second", model: "m" })).toBeUndefined();
    }
    provider.answer = async () => undefined;
    await pass(20_000);
    for (const { breakers } of replicas) {
      expect(await breakers.refusal(candidate)).toBeUndefined();
      expect("done" in (await breakers.start(candidate, deadlineAt))).toBe(true);
    }
  });

  test.each([401, 404, 429])("that get HTTP %i have an answer", async (status) => {
    const { provider, pass, checks } = world(1);
    provider.answer = () => Promise.reject(Object.assign(new Error("no"), { status }));
    await pass(40_000);
    expect(new Set(checks)).toEqual(new Set([undefined]));
  });

  test("end with the service", async () => {
    const { replicas, pass, checks, due } = world(2);
    for (const { stop } of replicas) stop();
    expect(due).toEqual([]);
    await pass(100_000);
    expect(checks).toEqual([]);
  });
});

describe("the settings of checks", () => {
  const built = { ...scriptedProvider("extractive", []), lastResort: true };
  const unset = { ...scriptedProvider("unset", []), configured: false };
  test.each([
    ["a provider that does not exist", "unheard-of", 'there is no provider "unheard-of"'],
    ["one that is not configured", "unset", "unset is not configured: nothing"],
    ["one that calls nobody", "extractive", "extractive is built in and needs no check"],
  ])("refuse %s at the start", (_what, name, problem) => {
    expect(() => checkedProviders({ [name]: policy }, [built, unset])).toThrow(`breakers.healthChecks: ${problem}`);
  });
});

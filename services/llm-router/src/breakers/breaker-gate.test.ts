import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../../test/fixtures/llm-router-handler.ts";
import { createBreakerGate } from "./breaker-gate.ts";
import type { BreakerState } from "./breaker-state.ts";
import { createBreakers } from "./breakers.ts";

const policy = {
  windowMs: 60_000,
  minimumCalls: 4,
  failureRate: 0.5,
  slowRate: 1,
  openMs: 5_000,
  maxOpenMs: 60_000,
  probes: 1,
};

function world() {
  const seen: string[] = [];
  let now = Date.now();
  const breakers = createBreakers({
    shared: createLocalState<BreakerState>(),
    policy,
    now: () => now,
    random: () => 0,
    observe: {
      changed: (_candidate, { phase }) => seen.push(phase),
      made: () => undefined,
      refused: () => undefined,
      probed: () => undefined,
    },
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { gates: [createBreakerGate(breakers)], seen, pass };
}
const failures = (count: number) => Array.from({ length: count }, () => vendorError(503));
const noRetry = { routing: { fallback: { sameModel: false } } };

describe("a model that keeps failing", () => {
  test("is left out once its breaker is open, without a further attempt", async () => {
    const { gates, seen } = world();
    const first = scriptedProvider("first", failures(4));
    const second = scriptedProvider(
      "second",
      Array.from({ length: 6 }, () => ({})),
    );
    const { handle } = routerOf([first, second], { fallbacks: ["second"] }, { gates });
    for (let request = 0; request < 4; request++) await handle(optimizedMessage(noRetry), fakeContext());
    const { spent } = completionIn(await handle(optimizedMessage(noRetry), fakeContext()));
    expect(spent.attempts).toMatchObject([{ provider: "second", outcome: "succeeded" }]);
    expect(first.calls).toHaveLength(4);
    expect(seen).toEqual(["open"]);
  });

  test("is waited for when there is no other, until its first probe", async () => {
    const { gates, seen, pass } = world();
    const first = scriptedProvider("first", [...failures(4), {}]);
    const { handle } = routerOf([first], {}, { gates });
    for (let request = 0; request < 4; request++) await rejection(handle(optimizedMessage(noRetry), fakeContext()));
    const waits = await rejection(handle(optimizedMessage(noRetry), fakeContext()));
    expect(waits).toMatchObject({ code: "BREAKER_OPEN", disposition: "wait", retryAfterMs: 5_000 });
    pass(5_000);
    completionIn(await handle(optimizedMessage(noRetry), fakeContext()));
    expect(seen).toEqual(["open", "half-open", "closed"]);
    expect(first.calls).toHaveLength(5);
  });

  test("fails a request at once that does not want to wait, and says when to come back", async () => {
    const { gates } = world();
    const { handle } = routerOf([scriptedProvider("first", failures(4))], {}, { gates });
    for (let request = 0; request < 4; request++) await rejection(handle(optimizedMessage(noRetry), fakeContext()));
    const error = await rejection(handle(optimizedMessage({ routing: { ...noRetry.routing, onOutage: "fail" } }), fakeContext()));
    expect(error).toMatchObject({ code: "PROVIDERS_UNAVAILABLE", disposition: "fail", retryAfterMs: 5_000 });
    expect(error.message).toBe("first (first-model) is not called: 4 of 4 calls failed; it may be tried again in 5000 ms");
  });

  describe("and all the others too", () => {
    /** The first opens two seconds before the second. */
    async function allOpen() {
      const { gates, pass } = world();
      const first = scriptedProvider("first", failures(4));
      const second = scriptedProvider("second", failures(4));
      const { handle } = routerOf([first, second], { fallbacks: ["second"] }, { gates });
      const only = (provider: string) => ({ routing: { ...noRetry.routing, provider, fallbacks: [] } });
      for (let request = 0; request < 4; request++) await rejection(handle(optimizedMessage(only("first")), fakeContext()));
      pass(2_000);
      for (let request = 0; request < 4; request++) await rejection(handle(optimizedMessage(only("second")), fakeContext()));
      return { first, second, ask: (routing = {}) => rejection(handle(optimizedMessage({ routing }), fakeContext())) };
    }

    test("lets the request wait for the first that may be probed", async () => {
      const { ask, first, second } = await allOpen();
      const error = await ask();
      expect(error).toMatchObject({ code: "BREAKER_OPEN", disposition: "wait", retryAfterMs: 3_000 });
      expect([first.calls.length, second.calls.length]).toEqual([4, 4]);
    });

    test("fails the request at once where that is asked for, with the time until the first may be probed", async () => {
      const { ask, first, second } = await allOpen();
      const error = await ask({ onOutage: "fail" });
      expect(error).toMatchObject({ code: "PROVIDERS_UNAVAILABLE", disposition: "fail", retryAfterMs: 3_000 });
      expect([first.calls.length, second.calls.length]).toEqual([4, 4]);
    });
  });

  test("does not take the second try of a request that opened the breaker", async () => {
    const { gates } = world();
    const first = scriptedProvider("first", failures(4));
    const second = scriptedProvider(
      "second",
      Array.from({ length: 3 }, () => ({})),
    );
    const { handle } = routerOf([first, second], { fallbacks: ["second"] }, { gates });
    await handle(optimizedMessage({}), fakeContext());
    await handle(optimizedMessage({}), fakeContext());
    await handle(optimizedMessage({}), fakeContext());
    expect([first.calls.length, second.calls.length]).toEqual([4, 3]);
  });
});

test("calls that were cancelled while they were probes leave their place to others", async () => {
  const { gates, pass } = world();
  const context = fakeContext();
  const cancelled = () => {
    context.abort(new Error("cancelled"));
    return Promise.reject(new Error("aborted"));
  };
  const first = scriptedProvider("first", [...failures(4), cancelled, {}]);
  const { handle } = routerOf([first], {}, { gates });
  for (let request = 0; request < 4; request++) await rejection(handle(optimizedMessage(noRetry), fakeContext()));
  pass(5_000);
  await expect(handle(optimizedMessage(noRetry), context)).rejects.toThrow("cancelled");
  completionIn(await handle(optimizedMessage(noRetry), fakeContext()));
});

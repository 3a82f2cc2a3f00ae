import type { CounterState } from "@nocp/runtime/budgets/counter-state.ts";
import { createLocalState, type SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../../test/fixtures/llm-router-handler.ts";
import { budgetOf, localBudgets } from "../../../../test/fixtures/local-budgets.ts";
import { createBudgetGate } from "./budget-gate.ts";

/** A dollar a million input tokens, ten a million output tokens: $0.0054 at most for a call, and $0.00042 in the end. */
const priced = { pricing: { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 10 } } as const;
const costUsd = 0.00042;
const worstUsd = 0.0054;

async function world(...asked: Parameters<typeof localBudgets>) {
  const { budgets, spent: told } = await localBudgets(...asked);
  const refusals: string[] = [];
  const gate = createBudgetGate({ budgets, random: () => 0, onNoRoom: ({ kind }) => refusals.push(kind) });
  return { gates: [gate], told, refusals };
}
const answers = (count: number, more = priced) =>
  scriptedProvider(
    "first",
    Array.from({ length: count }, () => ({})),
    more,
  );

describe("a budget", () => {
  test("is charged what calls cost in the end, failed ones too", async () => {
    const { gates, told } = await world([budgetOf({ scope: { tenant: "*" } })]);
    const first = scriptedProvider("first", [{}, vendorError(503), {}], priced);
    const { handle } = routerOf([first], {}, { gates });
    await handle(optimizedMessage({}), fakeContext());
    await rejection(handle(optimizedMessage({}), fakeContext()));
    await handle(optimizedMessage({}), fakeContext());
    expect((await told()).default).toBeCloseTo(2 * costUsd, 9);
  });

  test("ends in BUDGET_EXHAUSTED when a call may cost more than is left, with the time at which it begins anew", async () => {
    const { gates, refusals } = await world([budgetOf({ limit: worstUsd + costUsd / 2 })]);
    const first = answers(1);
    const { handle } = routerOf([first], {}, { gates });
    await handle(optimizedMessage({}), fakeContext());
    const error = await rejection(handle(optimizedMessage({}), fakeContext()));
    expect(error).toMatchObject({ code: "BUDGET_EXHAUSTED", disposition: "fail" });
    expect(error.message).toMatch(
      /^budget b \(.*usd\/day\) has no room: \$0\.000420 are spent, and this request needs \$0\.005400/,
    );
    expect(error.retryAfterMs).toBeLessThanOrEqual(24 * 3_600_000);
    expect([first.calls.length, refusals]).toEqual([1, ["exhausted"]]);
  });

  test("of a minute is waited for until the deadline", async () => {
    const { gates } = await world([budgetOf({ limit: 1, unit: "requests", per: "minute" })]);
    const { handle } = routerOf([answers(2)], {}, { gates });
    await handle(optimizedMessage({}), fakeContext());
    // Unless the next minute has just begun.
    const waits = await handle(optimizedMessage({}), fakeContext({ timeoutMs: 300_000 })).catch((error) => error);
    if (waits instanceof Error) expect(waits).toMatchObject({ code: "BUDGET_BUSY", disposition: "wait" });
    const { gates: small } = await world([budgetOf({ limit: 100, unit: "tokens", per: "minute" })]);
    const never = await rejection(
      routerOf([answers(1)], {}, { gates: small }).handle(optimizedMessage({}), fakeContext({ timeoutMs: 300_000 })),
    );
    expect(never).toMatchObject({ code: "BUDGET_EXHAUSTED", retryAfterMs: undefined });
  });

  test("that running calls hold is waited for", async () => {
    const running = Promise.withResolvers<never>();
    const { gates } = await world([budgetOf({ limit: 1.5 * worstUsd })]);
    const first = scriptedProvider("first", [() => running.promise], priced);
    const { handle } = routerOf([first], {}, { gates });
    const one = handle(optimizedMessage({}), fakeContext());
    while (first.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const other = await rejection(handle(optimizedMessage({}), fakeContext()));
    expect(other).toMatchObject({ code: "BUDGET_BUSY", disposition: "wait", retryAfterMs: 250 });
    running.reject(vendorError(500));
    await rejection(one);
  });

  test("counts a request once, however many calls it takes", async () => {
    const { gates, told } = await world([budgetOf({ limit: 10, unit: "requests", scope: { tenant: "*" } })]);
    const first = scriptedProvider("first", [vendorError(503)]);
    const second = scriptedProvider("second", [{}]);
    const { handle } = routerOf([first, second], { fallbacks: ["second"] }, { gates });
    await handle(optimizedMessage({ routing: { fallback: { sameModel: false } } }), fakeContext());
    expect((await told()).default).toBe(1);
  });

  test("of a model leaves the other candidates", async () => {
    const { gates } = await world([budgetOf({ scope: { model: "first/*" }, limit: 0.001 })]);
    const { handle } = routerOf([answers(0), scriptedProvider("second", [{}])], { fallbacks: ["second"] }, { gates });
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(spent.attempts).toMatchObject([{ provider: "second" }]);
  });

  test("of a request counts what it has spent in earlier steps", async () => {
    const { gates } = await world([budgetOf({ per: "request", limit: 1.5 * worstUsd })]);
    const { handle } = routerOf([answers(1)], {}, { gates });
    await handle(optimizedMessage({}), fakeContext());
    const attempt = { provider: "first", model: "m", outcome: "succeeded", latencyMs: 1, costUsd: worstUsd };
    const spent = { attempts: [attempt], costUsd: worstUsd };
    expect(await rejection(handle(optimizedMessage({}, { spent, step: 1 }), fakeContext()))).toMatchObject({
      code: "BUDGET_EXHAUSTED",
      retryAfterMs: undefined,
    });
  });

  test("in dollars refuses a model whose price is unknown", async () => {
    const { gates } = await world([budgetOf({})]);
    const error = await rejection(routerOf([answers(0, {} as never)], {}, { gates }).handle(optimizedMessage({}), fakeContext()));
    expect(error).toMatchObject({
      code: "BUDGET_EXHAUSTED",
      message: expect.stringContaining("price of first (first-model) is unknown"),
    });
  });

  test("is charged for a call that was lost with its process", async () => {
    const { gates, told } = await world([budgetOf({ scope: { tenant: "*" } })]);
    const { handle } = routerOf([answers(1)], {}, { gates });
    await handle(optimizedMessage({}), fakeContext({ attempt: 2, lostStarts: 1 }));
    expect((await told()).default).toBeCloseTo(worstUsd + costUsd, 9);
  });
});

describe("a soft limit", () => {
  test("warns once more than that is spent", async () => {
    const { gates } = await world([budgetOf({ soft: costUsd / 2 })]);
    const { handle } = routerOf([answers(2)], {}, { gates });
    expect(completionIn(await handle(optimizedMessage({}), fakeContext())).warnings).toEqual([]);
    expect(completionIn(await handle(optimizedMessage({}), fakeContext())).warnings).toMatchObject([
      { code: "BUDGET_SOFT_LIMIT" },
    ]);
  });

  test("puts the cheapest candidate first, if it says so", async () => {
    const { gates } = await world([budgetOf({ soft: costUsd / 2, onSoft: "cheapest" })]);
    const cheap = { pricing: { kind: "set", inputUsdPerMillion: 0.1, outputUsdPerMillion: 0.1 } } as const;
    const second = scriptedProvider("second", [{}], cheap);
    const { handle } = routerOf([answers(1), second], { fallbacks: ["second"] }, { gates });
    await handle(optimizedMessage({}), fakeContext());
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(spent.attempts).toMatchObject([{ provider: "second", outcome: "succeeded" }]);
  });
});

describe("while the broker does not answer", () => {
  const counters: SharedState<CounterState> = {
    ...createLocalState<CounterState>(),
    change: () => Promise.reject(new Error("the broker does not answer")),
  };
  test.each([
    [false, "BUDGET_BUSY"],
    [true, "answered"],
  ])("with failsOpen %s", async (failsOpen, expected) => {
    const { gates } = await world([budgetOf({})], { counters, failsOpen });
    const outcome = await routerOf([answers(1)], {}, { gates })
      .handle(optimizedMessage({}), fakeContext())
      .then(
        () => "answered",
        ({ code }) => code,
      );
    expect(outcome).toBe(expected);
  });
});

describe("a budget that drops to a cheaper tier beyond its soft limit", () => {
  const soft = budgetOf({ limit: 100, soft: costUsd / 2, onSoft: "economy", scope: { tenant: "*" } });
  const dear = { pricing: { kind: "set", inputUsdPerMillion: 50, outputUsdPerMillion: 50 } } as const;
  const cheap = { pricing: { kind: "set", inputUsdPerMillion: 0.1, outputUsdPerMillion: 0.1 } } as const;
  const completions = (count: number) => Array.from({ length: count }, () => ({}));

  async function used(request: Parameters<typeof optimizedMessage>[0], failing = false) {
    const { gates } = await world([soft]);
    const first = scriptedProvider("first", completions(3), dear);
    const second = scriptedProvider("second", failing ? [vendorError(401)] : completions(3), cheap);
    const { handle } = routerOf([first, second], { preference: ["first"] }, { gates });
    const answered = [];
    for (let call = 0; call < 2; call++) answered.push(completionIn(await handle(optimizedMessage(request), fakeContext())));
    return answered.map(({ completion, route, warnings }) => ({ provider: completion.provider, route, warnings }));
  }

  test("calls a model of the tier economy, and says so in the route", async () => {
    const [before, after] = await used({});
    expect(before?.provider).toBe("first");
    expect(after?.provider).toBe("second");
    expect(after?.route?.line).toBe("second/second-model by ordered: economy, for the budget is beyond its soft limit");
    expect(after?.route?.candidates.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["second", "answered"],
      ["first", "spare"],
    ]);
    expect(after?.warnings.map(({ code }) => code)).toContain("BUDGET_SOFT_LIMIT");
  });

  test("falls back to the route when that model does not answer", async () => {
    const [, after] = await used({}, true);
    expect(after?.provider).toBe("first");
    expect(after?.route?.line).toContain("second/second-model failed (PROVIDER_AUTH)");
  });

  test("leaves a request its model that wants no other", async () => {
    const [, after] = await used({ routing: { fallback: { otherModel: false } } });
    expect(after?.provider).toBe("first");
  });
});

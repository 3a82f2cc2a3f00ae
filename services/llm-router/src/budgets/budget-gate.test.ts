import { createLocalState, type SharedState } from "@nocp/runtime/stores/shared-state.ts";
import { describe, expect, test } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../../test/fixtures/llm-router-handler.ts";
import { type Budget, type BudgetList, budgetsKey } from "./budget.ts";
import { createBudgetGate } from "./budget-gate.ts";
import { createBudgets } from "./budgets.ts";
import { type CounterState, totalsOf } from "./counter-state.ts";

/** A dollar a million input tokens, ten a million output tokens: $0.0054 at most for a call, and $0.00042 in the end. */
const priced = { pricing: { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 10 } } as const;
const costUsd = 0.00042;
const worstUsd = 0.0054;

const budgetOf = (more: Partial<Budget>): Budget => ({
  ...{ id: "b", scope: {}, per: "day", unit: "usd", limit: 1, soft: null, onSoft: "warn" },
  ...more,
});

async function world(budgets: readonly Budget[], more: { counters?: SharedState<CounterState>; failsOpen?: boolean } = {}) {
  const definitions = createLocalState<BudgetList>();
  await definitions.change(budgetsKey, () => ({ next: { budgets: [...budgets] }, result: undefined }));
  const states = new Map<string, CounterState>();
  const { counters = createLocalState(states), failsOpen = false } = more;
  // Nothing is told by itself: what is spent is told when it is asked for.
  const clock = { now: () => performance.timeOrigin + performance.now(), after: () => () => undefined };
  const ledger = createBudgets({ definitions, counters, failsOpen, clock });
  const refusals: string[] = [];
  const gate = createBudgetGate({ budgets: ledger, random: () => 0, onNoRoom: ({ kind }) => refusals.push(kind) });
  const told = async (): Promise<Record<string, number>> => {
    await ledger.close();
    return Object.fromEntries([...states].map(([key, state]) => [key.split(" ")[2] ?? "", totalsOf(state, clock.now()).spent]));
  };
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

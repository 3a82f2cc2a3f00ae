import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { Budget } from "@nocp/runtime/budgets/budget.ts";
import { describe, expect, test } from "vitest";
import { budgetOf, localBudgets } from "../../../test/fixtures/local-budgets.ts";
import { type CallCost, createCallGuard } from "./call-guard.ts";
import { meterServices } from "./meter-services.ts";
import type { PriceOfCall } from "./model-services.ts";

const call = (costUsd: number | null, inputTokens = 100, outputTokens = 10): CallCost => ({
  ...{ service: "distiller", model: "small", inputTokens, outputTokens, costUsd },
});
const payer = { tenant: "acme", key: undefined, tags: ["nightly"] };

async function world(definitions: readonly Budget[], maxCostUsd?: number, spent: readonly ProviderAttempt[] = []) {
  const { budgets, spent: told } = await localBudgets(definitions);
  const request = { ...payer, limits: maxCostUsd === undefined ? {} : { maxCostUsd } };
  const time = { now: Date.now, deadlineAt: Date.now() + 60_000 };
  const guard = createCallGuard(budgets, { ...time, request, spent: () => spent }, () => 0);
  return { guard, told };
}

describe("a model that helps is called", () => {
  test("as long as the budgets of whoever pays have room for the most that it may cost", async () => {
    const { guard, told } = await world([budgetOf({ scope: { tenant: "*" }, limit: 1 })]);
    const settle = await guard.reserve(call(0.6));
    await expect(guard.reserve(call(0.6))).rejects.toMatchObject({ code: "BUDGET_BUSY" });
    settle([call(0.1), call(0.2)]);
    expect((await told()).acme).toBeCloseTo(0.3, 9);
    await expect(guard.reserve(call(0.8))).rejects.toMatchObject({ code: "BUDGET_EXHAUSTED" });
  });

  test.each<[string, Partial<Budget>, number | undefined]>([
    ["a budget of its tag", { scope: { tag: "nightly" } }, 110],
    ["a budget of the model that helps", { scope: { model: "distiller/*" } }, 110],
    ["another tenant's budget", { scope: { tenant: "other" } }, undefined],
    ["a budget of another model", { scope: { model: "openai/*" } }, undefined],
  ])("and counted in %s or not", async (_what, budget, tokens) => {
    const { guard, told } = await world([budgetOf({ ...budget, unit: "tokens", limit: 1_000 })]);
    (await guard.reserve(call(null)))([call(null)]);
    expect(Object.values(await told())).toEqual(tokens === undefined ? [] : [tokens]);
  });

  test("for tokens, though not for dollars, where its price is unknown", async () => {
    const { guard } = await world([budgetOf({ limit: 1 })]);
    await expect(guard.reserve(call(null))).rejects.toMatchObject({ code: "BUDGET_EXHAUSTED" });
  });

  test("only under the cap of the request, with what was spent and what runs", async () => {
    const earlier = { provider: "a", model: "m", outcome: "succeeded", latencyMs: 1, costUsd: 0.5 } as const;
    const { guard } = await world([], 1, [earlier]);
    const settle = await guard.reserve(call(0.3));
    await expect(guard.reserve(call(0.3))).rejects.toMatchObject({ code: "COST_CAP_EXCEEDED" });
    settle([call(0.1)]);
    await expect(guard.reserve(call(0.3))).resolves.toBeTypeOf("function");
    await expect(guard.reserve(call(null))).rejects.toMatchObject({ code: "COST_CAP_EXCEEDED" });
  });

  test("and one that was lost with its process is charged at its most", async () => {
    const { guard, told } = await world([budgetOf({ limit: 1 })]);
    await guard.charge(call(0.25));
    expect((await told())[""]).toBeCloseTo(0.25, 9);
  });
});

describe("with a guard, the meter", () => {
  const priceOf: PriceOfCall = ({ inputTokens, outputTokens }) => (inputTokens + outputTokens) / 1e6;
  const distiller = { model: "small", complete: async () => ({ text: "short", inputTokens: 7, outputTokens: 3 }) };
  const prompt = { system: "s", user: "u" };

  test("charges what the call has cost, and nothing for an answer that was paid before", async () => {
    const { guard, told } = await world([budgetOf({ unit: "tokens", limit: 1_000 })]);
    const records = new Map();
    const paid = {
      get: async (key: string) => records.get(key),
      put: async (key: string, value: unknown) => void records.set(key, value),
    };
    for (let delivery = 0; delivery < 2; delivery++)
      await meterServices({ distiller }, priceOf, Date.now, { guard, paid }).services.distiller!.complete(prompt, 100);
    expect((await told())[""]).toBe(10);
  });

  test("makes no call that there is no room for, and bills none", async () => {
    const { guard } = await world([budgetOf({ unit: "tokens", limit: 5 })]);
    const metered = meterServices({ distiller }, priceOf, Date.now, { guard });
    await expect(metered.services.distiller!.complete(prompt, 100)).rejects.toMatchObject({ code: "BUDGET_EXHAUSTED" });
    expect(metered.calls).toEqual([]);
  });
});

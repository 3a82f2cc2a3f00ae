// Three replicas and one budget: as many requests are answered as it allows, and not one more or less.

import { createBudgetGate } from "@nocp/llm-router/budgets/budget-gate.ts";
import { type Budget, budgetListSchema, budgetsKey } from "@nocp/runtime/budgets/budget.ts";
import { budgetsBucket, spendingBucket, spendingTtlMs } from "@nocp/runtime/budgets/budget-buckets.ts";
import { createBudgets } from "@nocp/runtime/budgets/budgets.ts";
import { counterStateSchema, totalsOf } from "@nocp/runtime/budgets/counter-state.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, expect, test, vi } from "vitest";
import { publishOptimized, type RouterReplica, startRouterReplica } from "../fixtures/router-replica.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { startQuotaServer, tokensOfCall } from "../servers/quota-server.ts";

const messaging = { ackWaitMs: 20_000, retryBaseMs: 50, retryMaxMs: 500 };
const queue = useTestQueue(messaging);
const releases: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

const usdPerMillion = { input: 1, output: 10 };
const costUsd = (tokensOfCall.input * usdPerMillion.input + tokensOfCall.output * usdPerMillion.output) / 1e6;
/** 500 output tokens are the most. */
const worstUsd = (tokensOfCall.input * usdPerMillion.input + 500 * usdPerMillion.output) / 1e6;

async function answered(budget: Pick<Budget, "limit" | "unit">, requests: number) {
  const server = await startQuotaServer({ kind: "bucket", perSecond: 1e9, counts: "requests", tells: "nothing", answerMs: 5 });
  const { broker } = queue;
  const definitions = await broker.durableState(budgetsBucket, budgetListSchema, 0);
  const defined: Budget = { id: "b", scope: { tenant: "*" }, per: "month", soft: null, onSoft: "warn", ...budget };
  await definitions.change(budgetsKey, () => ({ next: { budgets: [defined] }, result: undefined }));
  const providers = {
    "providers.openai-compatible.baseUrl": server.baseUrl,
    "providers.openai-compatible.inputUsdPerMillion": String(usdPerMillion.input),
    "providers.openai-compatible.outputUsdPerMillion": String(usdPerMillion.output),
  };
  const ledgers: { close(): Promise<void> }[] = [];
  const gates = async (own: Broker) => {
    const budgets = createBudgets({
      definitions: await own.durableState(budgetsBucket, budgetListSchema, 0),
      counters: await own.durableState(spendingBucket, counterStateSchema, spendingTtlMs),
      failsOpen: false,
      clock: {
        now: Date.now,
        after: (delayMs, work) => {
          const timer = setTimeout(work, delayMs);
          return () => clearTimeout(timer);
        },
      },
    });
    ledgers.push(budgets);
    return [createBudgetGate({ budgets, random: Math.random, onNoRoom: () => undefined })];
  };
  const replicas: RouterReplica[] = [];
  for (let index = 0; index < 3; index++) replicas.push(await startRouterReplica(queue, { messaging, providers, gates }));
  releases.push(async () => {
    for (const ledger of ledgers) await ledger.close();
    for (const replica of replicas) await replica.stop();
    await server.close();
  });
  const routing = { provider: "openai-compatible", model: "m" };
  await Promise.all(Array.from({ length: requests }, () => publishOptimized(queue, { routing }, Date.now() + 600_000)));
  const counts = async () => [await queue.messagesIn("NOCP_ARTICULATE"), await queue.messagesIn("NOCP_RESULTS")] as const;
  await vi.waitFor(async () => {
    const [completed, failed] = await counts();
    expect(completed + failed).toBe(requests);
  }, 150_000);
  for (const ledger of ledgers) await ledger.close();
  const counters = await broker.durableState(spendingBucket, counterStateSchema, spendingTtlMs);
  const [state] = [...(await counters.entries()).values()];
  return { completed: (await counts())[0], ...totalsOf(state!, Date.now()), calls: server.seen.calls };
}

test("as many requests are answered as it allows", async () => {
  const { completed, spent, held, calls } = await answered({ limit: 70, unit: "requests" }, 150);
  expect({ completed, spent, held, calls }).toEqual({ completed: 70, spent: 70, held: 0, calls: 70 });
}, 180_000);

test("as much is spent as it allows: no more, and too little is left for another call", async () => {
  const limit = 40 * costUsd + worstUsd;
  const { completed, spent, held } = await answered({ limit, unit: "usd" }, 100);
  expect(spent).toBeCloseTo(completed * costUsd, 9);
  expect(spent).toBeLessThanOrEqual(limit);
  expect(spent + worstUsd).toBeGreaterThan(limit);
  expect(held).toBe(0);
}, 180_000);

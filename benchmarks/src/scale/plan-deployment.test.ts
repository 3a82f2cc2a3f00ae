import { expect, test } from "vitest";
import { type PlanWishes, planDeployment, usualPrices } from "./plan-deployment.ts";
import { ofEachStage, type PipelineCosts } from "./simulate-pipeline.ts";

const costs: PipelineCosts = {
  stageMs: { ...ofEachStage(() => 1), "llm-router": 2 },
  besideMs: 1,
  brokerMs: 0.1,
  storeMs: 0.5,
  handoverMs: 5,
};
const observabilityMs = 0.4;
const wishes = (ratePerSecond: number, more: Partial<PlanWishes> = {}): PlanWishes => ({
  ratePerSecond,
  upstream: { medianMs: 1_500, spread: 0 },
  concurrency: 64,
  messageBytes: 8_000,
  modelUsd: 0.002,
  prices: usualPrices,
  ...more,
});
const planOf = (ratePerSecond: number, more: Partial<PlanWishes> = {}) =>
  planDeployment(costs, observabilityMs, wishes(ratePerSecond, more));

test("a small rate needs one of each, a larger one enough for one to fail", () => {
  expect(planOf(10)).toMatchObject({ replicas: { act: 1, "llm-router": 1 }, brokers: 1, partitions: 1 });
  expect(planOf(100)).toMatchObject({ replicas: { act: 2, gateway: 2, observability: 1 }, brokers: 3 });
});

test("llm-router has slots for all calls that run at once, at four fifths of its slots", () => {
  const { replicas, routersFollow } = planOf(1_000);
  expect(replicas["llm-router"]).toBe(Math.ceil((1_000 * 1.507) / 0.8 / 64));
  expect(routersFollow).toBe("slots");
  expect(planOf(1_000, { upstream: { medianMs: 5, spread: 0 } }).routersFollow).toBe("processor");
});

test("models that vary take more slots than their median says", () => {
  const varied = planOf(1_000, { upstream: { medianMs: 1_500, spread: 0.8 } });
  expect(varied.replicas["llm-router"]).toBeGreaterThan(1.3 * planOf(1_000).replicas["llm-router"]);
});

test("a plan serves its rate: everything but what has one of its kind is below its limit", () => {
  for (const rate of [10, 100, 1_000]) expect(planOf(rate).saturatesFirst.atPerSecond).toBeGreaterThan(rate);
});

test("what has one of its kind saturates first: observability, then the stream of a stage", () => {
  expect(planOf(100_000).saturatesFirst).toEqual({ what: "the stream of a stage", atPerSecond: 2_000 });
  expect(planDeployment(costs, 1, wishes(100_000)).saturatesFirst.what).toMatch(/^observability/);
  expect(planOf(100_000).partitions).toBe(Math.ceil((100_000 * 0.0005) / 0.7));
});

test("the bill of the models grows with the rate, and dwarfs that of the machines", () => {
  const { modelsUsdPerMonth, infrastructureUsdPerMonth } = planOf(1_000);
  expect(modelsUsdPerMonth).toBe(0.002 * 1_000 * 730 * 3600);
  expect(infrastructureUsdPerMonth).toBeLessThan(modelsUsdPerMonth / 100);
});

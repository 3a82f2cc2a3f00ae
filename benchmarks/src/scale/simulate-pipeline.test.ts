import { expect, test } from "vitest";
import { createRandom } from "../workloads/random.ts";
import { ofEachStage, type PipelineCosts, type PipelineShape, simulatePipeline } from "./simulate-pipeline.ts";
import { createSimulation, createStation } from "./simulation.ts";

const costs: PipelineCosts = {
  stageMs: { ...ofEachStage(() => 1), "llm-router": 2 },
  besideMs: 1,
  brokerMs: 0.1,
  storeMs: 0.5,
  handoverMs: 5,
};
const shape: PipelineShape = {
  replicas: ofEachStage(() => 2),
  concurrency: 8,
  brokerCores: 4,
  partitions: 1,
  quorumMs: 0,
};
const constant = { medianMs: 300, spread: 0 };

test("events run in the order of their times, and those of one time in the order they were made", () => {
  const simulation = createSimulation();
  const seen: string[] = [];
  for (const [delayMs, name] of [
    [5, "c"],
    [1, "a"],
    [5, "d"],
    [3, "b"],
  ] as const)
    simulation.after(delayMs, () => seen.push(name));
  simulation.after(2, () => simulation.after(1, () => seen.push("b2")));
  simulation.runUntil(4);
  expect(seen).toEqual(["a", "b", "b2"]);
  simulation.runUntil(10);
  expect(seen).toEqual(["a", "b", "b2", "c", "d"]);
});

test("a queue in front of one server waits as the formula of Pollaczek and Khinchine says", () => {
  const simulation = createSimulation();
  const server = createStation(simulation, 1);
  const serviceMs = 8;
  const load = 0.8;
  const arrivals = 200_000;
  let waitedMs = 0;
  const random = createRandom("queue");
  const uniform = () => random.integer(0, 999_999) / 1e6;
  let arrived = 0;
  const arrive = () => {
    const at = simulation.now;
    server.enter((leave) => {
      waitedMs += simulation.now - at;
      simulation.after(serviceMs, leave);
    });
    if (++arrived < arrivals) simulation.after((-Math.log(1 - uniform()) * serviceMs) / load, arrive);
  };
  arrive();
  simulation.runUntil(Number.POSITIVE_INFINITY);
  // M/D/1: load × service / (2 × (1 − load)).
  expect(waitedMs / arrivals / ((load * serviceMs) / (2 * (1 - load)))).toBeCloseTo(1, 1);
});

test("slots that wait for a model bound the rate: slots / (model + handover + work)", () => {
  const { requestsPerSecond, utilization } = simulatePipeline(costs, shape, constant, { inFlight: 64, requests: 2_000 });
  expect(requestsPerSecond / ((16 * 1000) / (300 + 5 + 2))).toBeCloseTo(1, 1);
  expect(utilization["slots of llm-router"]).toBeGreaterThan(0.95);
});

test("processors that all share bound it where the model is fast", () => {
  const shared = { ...shape, concurrency: 64, sharedCores: 2 };
  const { requestsPerSecond } = simulatePipeline(costs, shared, { medianMs: 1, spread: 0 }, { inFlight: 256, requests: 5_000 });
  const workMs = 5 + 1 + 5 * 0.1;
  expect(requestsPerSecond / ((2 * 1000) / workMs)).toBeCloseTo(1, 1);
});

test("a stream that stores slowly bounds it, and partitions multiply that", () => {
  const slow = { ...costs, storeMs: 10 };
  const wide = { ...shape, concurrency: 256, brokerCores: 64 };
  const rateOf = (partitions: number) =>
    simulatePipeline(slow, { ...wide, partitions }, { medianMs: 1, spread: 0 }, { inFlight: 400, requests: 4_000 })
      .requestsPerSecond;
  expect(rateOf(1) / 100).toBeCloseTo(1, 1);
  expect(rateOf(4) / 400).toBeCloseTo(1, 1);
});

test("arrivals of a rate below the capacity are served at that rate, and models that vary make slow requests slower", () => {
  const load = { ratePerSecond: 30, requests: 6_000 };
  const steady = simulatePipeline(costs, shape, constant, load);
  const varied = simulatePipeline(costs, shape, { medianMs: 300, spread: 0.8 }, load);
  expect(steady.requestsPerSecond / 30).toBeCloseTo(1, 1);
  expect(varied.latencyMs.p99).toBeGreaterThan(2 * steady.latencyMs.p99);
  expect(varied.latencyMs.p50).toBeGreaterThan(300);
});

test("the same seed makes the same run", () => {
  const run = () => simulatePipeline(costs, shape, { medianMs: 300, spread: 0.5 }, { ratePerSecond: 20, requests: 500 });
  expect(run()).toEqual(run());
});

// From one measured run to the costs that the simulator works with.
import type { StoreTimes } from "./measure-broker.ts";
import type { ReplicaMeasurement, ReplicaRun } from "./measure-replicas.ts";
import { messagesPerRequest } from "./plan-deployment.ts";
import { ofEachStage, type PipelineCosts, type PipelineShape, simulatePipeline } from "./simulate-pipeline.ts";

const simulatedRequests = 3_000;
const longestHandoverMs = 500;
const bisections = 12;

/** The shape of a run on this machine. */
export const shapeOf = (run: Pick<ReplicaRun, "routers" | "concurrency">, sharedCores: number, quorumMs = 0): PipelineShape => ({
  replicas: { ...ofEachStage(() => 1), "llm-router": run.routers },
  concurrency: run.concurrency,
  sharedCores,
  brokerCores: sharedCores,
  partitions: 1,
  quorumMs,
});

export function predictedRate(costs: PipelineCosts, run: ReplicaRun, sharedCores: number, quorumMs = 0): number {
  const load = { inFlight: run.routers * run.concurrency * run.inFlightPerSlot, requests: simulatedRequests };
  const upstream = { medianMs: run.upstreamMs, spread: 0 };
  return simulatePipeline(costs, shapeOf(run, sharedCores, quorumMs), upstream, load).requestsPerSecond;
}

/**
 * Everything but the handover is measured by itself; the handover is what is left of the time of a slot in the run.
 * @param run the one that was measured.
 */
export function calibrate(measured: ReplicaMeasurement, store: StoreTimes, run: ReplicaRun, sharedCores: number): PipelineCosts {
  const costsWith = (handoverMs: number): PipelineCosts => ({
    stageMs: measured.stageMs,
    besideMs: measured.observabilityMs + measured.besideMs,
    brokerMs: measured.brokerMs / messagesPerRequest,
    storeMs: store.storeMs,
    handoverMs,
  });
  let low = 0;
  let high = longestHandoverMs;
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (predictedRate(costsWith(middle), run, sharedCores) > measured.requestsPerSecond) low = middle;
    else high = middle;
  }
  return costsWith((low + high) / 2);
}

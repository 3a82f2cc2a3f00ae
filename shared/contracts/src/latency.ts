// Where a request's time went.
import type { ProviderAttempt, StageRecord } from "./accounting.ts";
import type { Latency } from "./result.ts";

const sumOf = (records: readonly StageRecord[], stage: string): number =>
  records.filter((record) => record.stage === stage).reduce((sum, record) => sum + record.workMs, 0);

/**
 * @param journey one record a stage and delivery, the last one included.
 * @param attempts all provider calls; the latencies of completions are the wait for models, those of compressions part of assess.
 * @param totalMs from the broker's acceptance to the answer.
 */
export function latencyOf(journey: readonly StageRecord[], attempts: readonly ProviderAttempt[], totalMs: number): Latency {
  const modelMs = attempts
    .filter(({ purpose }) => purpose !== "compression")
    .reduce((sum, attempt) => sum + attempt.latencyMs, 0);
  return {
    totalMs: Math.max(0, totalMs),
    queueWaitMs: journey.reduce((sum, record) => sum + record.queueWaitMs, 0),
    actMs: sumOf(journey, "act"),
    assessMs: sumOf(journey, "assess"),
    modelMs,
    routerMs: Math.max(0, sumOf(journey, "llm-router") - modelMs),
    articulateMs: sumOf(journey, "articulate"),
  };
}

// Where a request's time went.
import type { ProviderAttempt, StageRecord } from "./accounting.ts";
import type { Latency } from "./result.ts";
import type { Stage } from "./topology.ts";

/** The stage that waits for the completion; the models that help to compress are part of their stage's work. */
const waitingStage: Stage = "llm-router";

/**
 * @param journey one record a stage and delivery, the last one included.
 * @param attempts all provider calls.
 * @param totalMs from the broker's acceptance to the answer.
 */
export function latencyOf(journey: readonly StageRecord[], attempts: readonly ProviderAttempt[], totalMs: number): Latency {
  const modelMs = attempts
    .filter(({ purpose }) => purpose !== "compression")
    .reduce((sum, attempt) => sum + attempt.latencyMs, 0);
  const stageMs: Record<string, number> = {};
  for (const { stage, workMs } of journey) stageMs[stage] = (stageMs[stage] ?? 0) + workMs;
  const waited = stageMs[waitingStage];
  if (waited !== undefined) stageMs[waitingStage] = Math.max(0, waited - modelMs);
  return {
    totalMs: Math.max(0, totalMs),
    queueWaitMs: journey.reduce((sum, record) => sum + record.queueWaitMs, 0),
    modelMs,
    stageMs,
  };
}

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
  for (const { stage, workMs, pausedMs = 0 } of journey) stageMs[stage] = (stageMs[stage] ?? 0) + Math.max(0, workMs - pausedMs);
  const waited = stageMs[waitingStage];
  if (waited !== undefined) stageMs[waitingStage] = Math.max(0, waited - modelMs);
  return {
    totalMs: Math.max(0, totalMs),
    queueWaitMs: journey.reduce((sum, record) => sum + ownQueueWaitMs(record), 0),
    modelMs,
    providerWaitMs: journey.reduce((sum, { heldMs = 0, pausedMs = 0 }) => sum + heldMs + pausedMs, 0),
    stageMs,
  };
}

/** How long a message waited for its stage, without what a provider made it wait. */
export const ownQueueWaitMs = ({ queueWaitMs, heldMs = 0 }: Pick<StageRecord, "queueWaitMs" | "heldMs">): number =>
  Math.max(0, queueWaitMs - heldMs);

/** NOCP's share of a request's time: neither waiting for a provider's answer, nor until a provider could be asked. */
export const overheadMsOf = ({ totalMs, modelMs, providerWaitMs }: Latency): number =>
  Math.max(0, totalMs - modelMs - providerWaitMs);

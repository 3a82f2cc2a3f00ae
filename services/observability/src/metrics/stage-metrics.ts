// What the stages did for finished requests, and what they gave back or gave up.
import type { Transaction } from "@nocp/contracts/event.ts";
import { ownQueueWaitMs } from "@nocp/contracts/latency.ts";
import { lanes, stages } from "@nocp/contracts/topology.ts";
import { codeLabel, codesRaisedBy } from "@nocp/runtime/telemetry/code-label.ts";
import { createMetricDefiner, secondsBuckets } from "@nocp/runtime/telemetry/define-metrics.ts";
import type { Registry } from "prom-client";
import type { StageIncident } from "../transaction-store.ts";

const stageLabel = (stage: string): string => stages.find((name) => name === stage) ?? "other";

export interface StageMetrics {
  recordJourney(transaction: Transaction): void;
  recordIncident(incident: StageIncident): void;
}

export function createStageMetrics(registry: Registry): StageMetrics {
  const metrics = defineStageMetrics(registry);
  return {
    recordJourney: ({ journey, lane, errorStage, errorCode, traceId }) => {
      for (const record of journey) {
        const { stage: name, workMs } = record;
        const stage = stageLabel(name);
        metrics.queueWait.observe({ stage, lane }, ownQueueWaitMs(record) / 1000, traceId);
        metrics.work.observe({ stage, lane }, workMs / 1000, traceId);
        metrics.completions.inc({ stage, code: codeLabel(name === errorStage ? errorCode : null) });
      }
    },
    recordIncident: ({ stage, kind, code }) => {
      const counter = kind === "dead-lettered" ? metrics.deadLetters : metrics.retries;
      counter.inc({ stage: stageLabel(stage), code: codeLabel(code) });
    },
  };
}

function defineStageMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  const stageAndLane = { stage: stages, lane: lanes };
  const failures = { stage: stages, code: codesRaisedBy("stage", "tool", "provider") };
  return {
    queueWait: define.boundedHistogram(
      "nocp_stage_queue_wait_seconds",
      "How long a message waited for its stage to begin, without nocp_provider_wait_seconds. Unit: seconds.",
      secondsBuckets,
      stageAndLane,
    ),
    work: define.boundedHistogram(
      "nocp_stage_work_seconds",
      "How long a stage worked on a message; llm-router's includes the wait for providers. Unit: seconds.",
      secondsBuckets,
      stageAndLane,
    ),
    completions: define.boundedCounter(
      "nocp_stage_completions_total",
      "Stages that finished requests went through; `code` is the error that one ended in, or none. Unit: stages.",
      { ...failures, code: ["none", ...failures.code] },
    ),
    retries: define.boundedCounter(
      "nocp_stage_retries_total",
      "Deliveries that a stage gave back to try again; `code` is the error's. Unit: deliveries.",
      // What nobody foresaw is tried again, and ends as ATTEMPTS_EXHAUSTED.
      { ...failures, code: [...failures.code, "UNEXPECTED"] },
    ),
    deadLetters: define.boundedCounter(
      "nocp_dead_letters_total",
      "Messages that ended in the dead-letter stream. Unit: messages.",
      failures,
    ),
  };
}

// Counts and times every attempt, and tells observability.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { EventBuffer } from "./event-buffer.ts";
import type { Settlement } from "./settlement.ts";
import type { Interceptor } from "./stage-attempt.ts";

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const codeOf = (settlement: Settlement): string | null => ("error" in settlement ? settlement.error.code : null);

export function createMeasureInterceptor(registry: Registry, events: EventBuffer, now: () => number): Interceptor {
  const registers = [registry];
  const labelNames = ["stage", "lane"] as const;
  const handled = new Counter({
    name: "nocp_messages_total",
    help: "Messages settled, by how.",
    labelNames: [...labelNames, "settlement", "code"],
    registers,
  });
  const work = new Histogram({
    name: "nocp_message_work_seconds",
    help: "Seconds from the start of a message to its settlement.",
    labelNames,
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const wait = new Histogram({
    name: "nocp_message_queue_wait_seconds",
    help: "Seconds between the broker's storing of a message and its start.",
    labelNames,
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const running = new Gauge({ name: "nocp_messages_running", help: "Messages being handled now.", labelNames, registers });
  const redelivered = new Counter({
    name: "nocp_messages_redelivered_total",
    help: "Starts of a message that was started before.",
    labelNames,
    registers,
  });
  return async (attempt, next) => {
    const labels = { stage: attempt.stage, lane: attempt.delivery.lane };
    running.inc(labels);
    wait.observe(labels, attempt.queueWaitMs / 1000);
    try {
      const settlement = await next();
      const workMs = now() - attempt.startedAt;
      const code = codeOf(settlement);
      work.observe(labels, workMs / 1000);
      if (attempt.start.attempt > 1) redelivered.inc(labels);
      handled.inc({ ...labels, settlement: settlement.kind, code: code ?? "" });
      events.add(
        settlement.kind === "retry" ? "stage-retried" : settlement.kind === "dead-letter" ? "dead-lettered" : "stage-completed",
        {
          requestId: attempt.addressed.requestId,
          at: now(),
          attempt: attempt.start.attempt,
          queueWaitMs: attempt.queueWaitMs,
          workMs,
          code,
        },
      );
      return settlement;
    } finally {
      running.dec(labels);
    }
  };
}

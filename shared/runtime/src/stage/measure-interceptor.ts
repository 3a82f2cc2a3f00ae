// Counts and times every attempt, and tells observability.

import type { Lane } from "@nocp/contracts/topology.ts";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { EventBuffer, StageEventKind } from "./event-buffer.ts";
import type { Settlement } from "./settlement.ts";
import type { Interceptor, StageAttempt } from "./stage-attempt.ts";

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const codeOf = (settlement: Settlement): string | null => ("error" in settlement ? settlement.error.code : null);

const eventKindOf = ({ kind }: Settlement): StageEventKind =>
  kind === "retry" || kind === "wait" ? "stage-retried" : kind === "dead-letter" ? "dead-lettered" : "stage-completed";

/** What one lane of the stage is measured by. */
interface Series {
  readonly running: Gauge.Internal<"stage" | "lane">;
  readonly wait: Histogram.Internal<"stage" | "lane">;
  readonly work: Histogram.Internal<"stage" | "lane">;
  readonly redelivered: Counter.Internal;
  readonly acknowledged: Counter.Internal;
}

/** @param events told about every attempt. */
export function createMeasureInterceptor(registry: Registry, events: Pick<EventBuffer, "add">, now: () => number): Interceptor {
  const { handled, work, wait, running, redelivered } = defineMetrics(registry);
  /** A stage has two lanes: their time series are looked up once. */
  const series = new Map<Lane, Series>();
  const seriesOf = ({ stage, delivery: { lane } }: StageAttempt): Series => {
    const known = series.get(lane);
    if (known) return known;
    const labels = { stage, lane };
    const made = {
      running: running.labels(labels),
      wait: wait.labels(labels),
      work: work.labels(labels),
      redelivered: redelivered.labels(labels),
      acknowledged: handled.labels({ ...labels, settlement: "ack", code: "" }),
    };
    series.set(lane, made);
    return made;
  };
  return async (attempt, next) => {
    const of = seriesOf(attempt);
    of.running.inc();
    of.wait.observe(attempt.queueWaitMs / 1000);
    try {
      const settlement = await next(attempt);
      const workMs = now() - attempt.startedAt;
      const code = codeOf(settlement);
      of.work.observe(workMs / 1000);
      if (attempt.number > 1) of.redelivered.inc();
      if (settlement.kind === "ack") of.acknowledged.inc();
      else handled.inc({ stage: attempt.stage, lane: attempt.delivery.lane, settlement: settlement.kind, code: code ?? "" });
      const { number, queueWaitMs, addressed } = attempt;
      events.add(eventKindOf(settlement), addressed.tenant, {
        requestId: addressed.requestId,
        at: now(),
        attempt: number,
        queueWaitMs,
        workMs,
        code,
      });
      return settlement;
    } finally {
      of.running.dec();
    }
  };
}

function defineMetrics(registry: Registry) {
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
    buckets: secondsBuckets,
    registers,
  });
  const wait = new Histogram({
    name: "nocp_message_queue_wait_seconds",
    help: "Seconds between the broker's storing of a message and its start.",
    labelNames,
    buckets: secondsBuckets,
    registers,
  });
  const running = new Gauge({ name: "nocp_messages_running", help: "Messages being handled now.", labelNames, registers });
  const redelivered = new Counter({
    name: "nocp_messages_redelivered_total",
    help: "Starts of a message that was started before.",
    labelNames,
    registers,
  });
  return { handled, work, wait, running, redelivered };
}

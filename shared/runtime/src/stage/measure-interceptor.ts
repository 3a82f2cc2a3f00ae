// Counts and times every attempt, and tells observability.

import type { Lane, Stage } from "@nocp/contracts/topology.ts";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { EventBuffer, StageEventKind } from "./event-buffer.ts";
import { failureCodeOf, type Settlement } from "./settlement.ts";
import type { Interceptor } from "./stage-attempt.ts";

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

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
export function createMeasureInterceptor(
  registry: Registry,
  stage: Stage,
  events: Pick<EventBuffer, "add">,
  now: () => number,
): Interceptor {
  const metrics = defineMetrics(registry);
  const { handled } = metrics;
  /** A stage has two lanes: their time series are looked up once, and are there before the first message. */
  const series: Readonly<Record<Lane, Series>> = {
    interactive: seriesOf(metrics, stage, "interactive"),
    batch: seriesOf(metrics, stage, "batch"),
  };
  return async (attempt, next) => {
    const of = series[attempt.delivery.lane];
    of.running.inc();
    of.wait.observe(attempt.queueWaitMs / 1000);
    try {
      const settlement = await next(attempt);
      const workMs = now() - attempt.startedAt;
      const code = failureCodeOf(settlement);
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

function seriesOf({ running, wait, work, redelivered, handled }: Metrics, stage: Stage, lane: Lane): Series {
  const labels = { stage, lane };
  running.set(labels, 0);
  wait.zero(labels);
  work.zero(labels);
  redelivered.inc(labels, 0);
  const acknowledged = { ...labels, settlement: "ack", code: "" };
  handled.inc(acknowledged, 0);
  return {
    running: running.labels(labels),
    wait: wait.labels(labels),
    work: work.labels(labels),
    redelivered: redelivered.labels(labels),
    acknowledged: handled.labels(acknowledged),
  };
}

type Metrics = ReturnType<typeof createMetrics>;
/** Stages of one process share the registry, and its metrics of these names. */
const metricsOf = new WeakMap<Registry, Metrics>();

function defineMetrics(registry: Registry): Metrics {
  const metrics = metricsOf.get(registry) ?? createMetrics(registry);
  metricsOf.set(registry, metrics);
  return metrics;
}

function createMetrics(registry: Registry) {
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

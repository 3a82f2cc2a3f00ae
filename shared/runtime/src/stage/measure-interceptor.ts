// Counts and times every attempt, and tells observability.

import type { Lane, Stage } from "@nocp/contracts/topology.ts";
import { type Counter, Gauge, type Registry } from "prom-client";
import { createMetricDefiner, secondsBuckets, type TracedHistogram } from "../telemetry/define-metrics.ts";
import { recordedTraceId } from "../telemetry/recorded-trace.ts";
import type { EventBuffer, StageEventKind } from "./event-buffer.ts";
import { failureCodeOf, type Settlement } from "./settlement.ts";
import type { Interceptor } from "./stage-attempt.ts";

const eventKindOf = ({ kind }: Settlement): StageEventKind =>
  kind === "retry" || kind === "wait" ? "stage-retried" : kind === "dead-letter" ? "dead-lettered" : "stage-completed";

/** What one lane of the stage is measured by. */
interface Series {
  readonly running: Gauge.Internal<"stage" | "lane">;
  readonly wait: (seconds: number, traceId: string | undefined) => void;
  readonly work: (seconds: number, traceId: string | undefined) => void;
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
    const traceId = recordedTraceId(attempt.span);
    of.wait(attempt.queueWaitMs / 1000, traceId);
    try {
      const settlement = await next(attempt);
      const workMs = now() - attempt.startedAt;
      const code = failureCodeOf(settlement);
      of.work(workMs / 1000, traceId);
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
    wait: (seconds, traceId) => wait.observe(labels, seconds, traceId),
    work: (seconds, traceId) => work.observe(labels, seconds, traceId),
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
  const define = createMetricDefiner(registry);
  const labelNames = ["stage", "lane"] as const;
  const work: TracedHistogram<"stage" | "lane"> = define.histogram(
    "nocp_message_work_seconds",
    "Seconds from the start of a message to its settlement.",
    secondsBuckets,
    labelNames,
  );
  const wait: TracedHistogram<"stage" | "lane"> = define.histogram(
    "nocp_message_queue_wait_seconds",
    "Seconds between the broker's storing of a message and its start.",
    secondsBuckets,
    labelNames,
  );
  const running = new Gauge({
    name: "nocp_messages_running",
    help: "Messages being handled now.",
    labelNames,
    registers: [registry],
  });
  return {
    handled: define.counter("nocp_messages_total", "Messages settled, by how.", [...labelNames, "settlement", "code"]),
    work,
    wait,
    running,
    redelivered: define.counter("nocp_messages_redelivered_total", "Starts of a message that was started before.", labelNames),
  };
}

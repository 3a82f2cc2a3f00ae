// The metrics of observability: what transactions and stage events say, as Prometheus time series.
import { type BreakerChange, type EventKind, eventKinds, type Transaction } from "@nocp/contracts/event.ts";
import { createMetricDefiner, secondsBuckets } from "@nocp/runtime/telemetry/define-metrics.ts";
import type { Registry } from "prom-client";
import { createBreakerMetrics } from "./metrics/breaker-metrics.ts";
import { createMoneyMetrics } from "./metrics/money-metrics.ts";
import { createRequestMetrics } from "./metrics/request-metrics.ts";
import { createStageMetrics } from "./metrics/stage-metrics.ts";
import type { StageIncident } from "./transaction-store.ts";

export interface ObservabilityMetrics {
  /** Call once for each transaction that is new. */
  recordTransaction(transaction: Transaction): void;
  /** Call once for each retried or dead-lettered delivery that is new. */
  recordIncident(incident: StageIncident): void;
  recordBreakerChange(change: BreakerChange): void;
  recordInvalid(kind: EventKind | "unknown"): void;
  /** Call once for each written batch. */
  recordWrite(events: number, seconds: number): void;
}

/** @param labelValueLimit distinct values each of the labels provider, model, tool, strategy and tier may take. */
export function createMetrics(
  registry: Registry,
  { labelValueLimit }: { readonly labelValueLimit: number },
): ObservabilityMetrics {
  const recordRequest = createRequestMetrics(registry, labelValueLimit);
  const { recordJourney, recordIncident } = createStageMetrics(registry);
  const recordMoney = createMoneyMetrics(registry, labelValueLimit);
  const recordBreakerChange = createBreakerMetrics(registry, labelValueLimit);
  const { events, invalid, writeDuration } = defineEventMetrics(registry);
  return {
    recordTransaction: (transaction) => {
      recordRequest(transaction);
      recordJourney(transaction);
      recordMoney(transaction);
    },
    recordIncident,
    recordBreakerChange,
    recordInvalid: (kind) => invalid.inc({ kind }),
    recordWrite: (count, seconds) => {
      events.inc(count);
      writeDuration.observe({}, seconds);
    },
  };
}

function defineEventMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  return {
    events: define.counter("nocp_events_total", "Events that observability recorded, new or not. Unit: events."),
    invalid: define.boundedCounter("nocp_events_invalid_total", "Events that match no schema and were left out. Unit: events.", {
      kind: [...eventKinds, "unknown"],
    }),
    writeDuration: define.histogram(
      "nocp_events_write_seconds",
      "Time to record one batch of events. Unit: seconds.",
      secondsBuckets,
    ),
  };
}

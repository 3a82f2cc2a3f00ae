// How often breakers opened and closed, of all replicas of llm-router together.
import type { BreakerChange } from "@nocp/contracts/event.ts";
import { createMetricDefiner } from "@nocp/runtime/telemetry/define-metrics.ts";
import { createLabelLimit } from "@nocp/runtime/telemetry/label-limit.ts";
import type { Registry } from "prom-client";

/** @returns to call once for each change. @param labelValueLimit for each of the labels provider and model. */
export function createBreakerMetrics(registry: Registry, labelValueLimit: number): (change: BreakerChange) => void {
  const changes = createMetricDefiner(registry).counter(
    "nocp_breaker_changes_total",
    "Changes of breakers, each counted once however many replicas saw it; `to` is the new state, and an empty `model` stands for all models of the provider. Unit: changes.",
    ["provider", "model", "to"],
  );
  const provider = createLabelLimit(labelValueLimit);
  const model = createLabelLimit(labelValueLimit);
  return ({ provider: providerName, model: modelName, to }) =>
    changes.inc({ provider: provider(providerName, true), model: model(modelName, true), to });
}

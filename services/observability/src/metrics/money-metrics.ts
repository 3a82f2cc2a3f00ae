// What requests cost.
import type { Transaction } from "@nocp/contracts/event.ts";
import { createMetricDefiner } from "@nocp/runtime/telemetry/define-metrics.ts";
import { createLabelLimit } from "@nocp/runtime/telemetry/label-limit.ts";
import type { Registry } from "prom-client";

/** @returns to call once for each transaction. @param labelValueLimit for each of the labels provider, model and tenant. */
export function createMoneyMetrics(registry: Registry, labelValueLimit: number): (transaction: Transaction) => void {
  const metrics = defineMoneyMetrics(registry);
  const provider = createLabelLimit(labelValueLimit);
  const model = createLabelLimit(labelValueLimit);
  const tenant = createLabelLimit(labelValueLimit);
  return ({ attempts, cost, status, provider: providerName, model: modelName, tenant: tenantName }) => {
    // First, because they tell which models answer.
    for (const attempt of attempts) {
      provider(attempt.provider, attempt.outcome === "succeeded");
      model(attempt.model, attempt.outcome === "succeeded");
    }
    const isAnswered = status !== "failed";
    if (cost.usd !== null) metrics.tenantCost.inc({ tenant: tenant(tenantName, isAnswered) }, cost.usd);
    const labels = {
      provider: providerName === null ? "none" : provider(providerName, isAnswered),
      model: modelName === null ? "none" : model(modelName, isAnswered),
    };
    if (cost.usd === null) metrics.unknownPrice.inc(labels);
    else metrics.cost.inc(labels, cost.usd);
    if (cost.baselineUsd !== null) metrics.baselineCost.inc(labels, cost.baselineUsd);
  };
}

function defineMoneyMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  const labels = ["provider", "model"] as const;
  return {
    cost: define.counter("nocp_cost_usd_total", "What requests cost, where the price is known. Unit: US dollars.", labels),
    tenantCost: define.counter(
      "nocp_tenant_cost_usd_total",
      "What the requests of a tenant cost, where the price is known. Unit: US dollars.",
      ["tenant"],
    ),
    baselineCost: define.counter(
      "nocp_baseline_cost_usd_total",
      "What requests would have cost with the raw context, where the price is known. Unit: US dollars.",
      labels,
    ),
    unknownPrice: define.counter(
      "nocp_unknown_price_total",
      "Requests whose cost is unknown; they are in no sum of money. Unit: requests.",
      labels,
    ),
  };
}

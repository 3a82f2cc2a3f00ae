// Calls of providers, what they billed, and what requests cost.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import type { Transaction } from "@nocp/contracts/event.ts";
import type { Registry } from "prom-client";
import { createLabelLimit } from "../label-limit.ts";
import { codeLabel } from "./code-label.ts";
import { createMetricDefiner, secondsBuckets } from "./define-metrics.ts";

/** Bucket bounds of the OpenTelemetry conventions for generative AI (`gen_ai.client.*`). */
const genAiTokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const genAiSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** What a call of a provider fails with. */
const providerCodes = Object.keys(errorCatalogue).filter((code) => code.startsWith("PROVIDER_"));

/** @returns to call once for each transaction. @param labelValueLimit for each of the labels provider and model. */
export function createProviderMetrics(registry: Registry, labelValueLimit: number): (transaction: Transaction) => void {
  const metrics = { ...defineCallMetrics(registry), ...defineMoneyMetrics(registry) };
  const provider = createLabelLimit(labelValueLimit);
  const model = createLabelLimit(labelValueLimit);
  const tenant = createLabelLimit(labelValueLimit);

  /** Models whose failures have series already: Prometheus sees no rise in a series that begins with its first failures. */
  const known = new Set<string>();
  const prepare = (labels: { readonly provider: string; readonly model: string }) => {
    const key = JSON.stringify([labels.provider, labels.model]);
    if (known.has(key)) return;
    known.add(key);
    metrics.providerAttempts.inc({ ...labels, outcome: "succeeded", code: "none" }, 0);
    for (const code of providerCodes) metrics.providerAttempts.inc({ ...labels, outcome: "failed", code }, 0);
  };

  const recordAttempt = (attempt: ProviderAttempt) => {
    const { usage, timeToFirstTokenMs } = attempt;
    const isAnswered = attempt.outcome === "succeeded";
    const labels = { provider: provider(attempt.provider, isAnswered), model: model(attempt.model, isAnswered) };
    prepare(labels);
    metrics.providerAttempts.inc({ ...labels, outcome: attempt.outcome, code: codeLabel(attempt.errorCode) });
    const genAi = { gen_ai_provider_name: labels.provider, gen_ai_request_model: labels.model };
    metrics.operationDuration.observe({ ...genAi, error_type: codeLabel(attempt.errorCode) }, attempt.latencyMs / 1000);
    if (timeToFirstTokenMs !== undefined) metrics.timeToFirstToken.observe(labels, timeToFirstTokenMs / 1000);
    if (!usage) return;
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "input" }, usage.inputTokens);
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "output" }, usage.outputTokens);
    metrics.partTokens.inc({ ...labels, part: "cache_read" }, usage.cacheReadTokens);
    metrics.partTokens.inc({ ...labels, part: "cache_write" }, usage.cacheWriteTokens);
    metrics.partTokens.inc({ ...labels, part: "reasoning" }, usage.reasoningTokens);
  };

  const recordMoney = ({ cost, status, provider: providerName, model: modelName, tenant: tenantName }: Transaction) => {
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

  return (transaction) => {
    // Attempts first: they tell which models answer.
    transaction.attempts.forEach(recordAttempt);
    recordMoney(transaction);
  };
}

function defineCallMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  return {
    providerAttempts: define.counter(
      "nocp_provider_attempts_total",
      "Calls of providers; `code` is the error's, or none. Unit: calls.",
      ["provider", "model", "outcome", "code"],
    ),
    timeToFirstToken: define.histogram(
      "nocp_time_to_first_token_seconds",
      "From a provider's call to the first token of its answer, where it streams. Unit: seconds.",
      secondsBuckets,
      ["provider", "model"],
    ),
    partTokens: define.counter(
      "nocp_provider_tokens_total",
      "Of the tokens that providers billed: input read from or written to their prompt cache, output spent on reasoning. Unit: tokens.",
      ["provider", "model", "part"],
    ),
    operationDuration: define.histogram(
      "gen_ai_client_operation_duration_seconds",
      "Duration of a provider's call: gen_ai.client.operation.duration of OpenTelemetry. Unit: seconds.",
      genAiSeconds,
      ["gen_ai_provider_name", "gen_ai_request_model", "error_type"],
    ),
    tokenUsage: define.histogram(
      "gen_ai_client_token_usage",
      "Tokens a provider billed for a call: gen_ai.client.token.usage of OpenTelemetry. Unit: tokens.",
      genAiTokens,
      ["gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
    ),
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

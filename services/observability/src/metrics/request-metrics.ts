// Finished requests: how many, how they ended, how long they took, and what went through them.
import type { Transaction } from "@nocp/contracts/event.ts";
import { overheadMsOf } from "@nocp/contracts/latency.ts";
import { lanes } from "@nocp/contracts/topology.ts";
import { codeLabel, codesRaisedBy } from "@nocp/runtime/telemetry/code-label.ts";
import { combinationsOf, createMetricDefiner, secondsBuckets } from "@nocp/runtime/telemetry/define-metrics.ts";
import { createLabelLimit } from "@nocp/runtime/telemetry/label-limit.ts";
import type { Registry } from "prom-client";

/** @returns to call once for each transaction. @param labelValueLimit for each of the labels tool, strategy and tier. */
export function createRequestMetrics(registry: Registry, labelValueLimit: number): (transaction: Transaction) => void {
  const metrics = defineRequestMetrics(registry);
  const tool = createLabelLimit(labelValueLimit);
  const strategy = createLabelLimit(labelValueLimit);
  const tier = createLabelLimit(labelValueLimit);
  return (transaction) => {
    const { status, lane, latency, tokens } = transaction;
    metrics.requests.inc({ status, lane, code: codeLabel(transaction.errorCode) });
    metrics.requestDuration.observe({ lane }, latency.totalMs / 1000, transaction.traceId);
    metrics.overhead.observe({ lane }, overheadMsOf(latency) / 1000, transaction.traceId);
    metrics.modelWait.observe({ lane }, latency.modelMs / 1000, transaction.traceId);
    metrics.providerWait.observe({ lane }, latency.providerWaitMs / 1000, transaction.traceId);
    for (const direction of ["input", "output"] as const)
      for (const form of ["raw", "optimized"] as const) metrics.tokens.inc({ direction, form }, tokens[direction][form]);
    if (transaction.cache.hit) metrics.cacheHits.inc({ tier: tier(transaction.cache.tier ?? "none", true) });
    if (transaction.confidence) metrics.confidence.observe({}, transaction.confidence.score, transaction.traceId);
    for (const call of transaction.tools) {
      const hasSucceeded = call.status === "succeeded";
      metrics.toolCalls.inc({ tool: tool(call.name, hasSucceeded), status: hasSucceeded ? "succeeded" : "failed" });
    }
    for (const { strategy: name, before, after } of transaction.strategies) {
      const label = strategy(name, true);
      metrics.strategyTokens.inc({ strategy: label, form: "before" }, before);
      metrics.strategyTokens.inc({ strategy: label, form: "after" }, after);
    }
  };
}

function defineRequestMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  const lane = { lane: lanes };
  const requests = define.counter("nocp_requests_total", "Finished requests; `code` is the error's, or none. Unit: requests.", [
    "status",
    "lane",
    "code",
  ]);
  const ends = [
    ...combinationsOf({ status: ["succeeded", "degraded"], ...lane, code: ["none"] }),
    ...combinationsOf({ status: ["failed"], ...lane, code: codesRaisedBy("stage", "tool", "provider") }),
  ];
  for (const labels of ends) requests.inc(labels, 0);
  return {
    requests,
    requestDuration: define.boundedHistogram(
      "nocp_request_duration_seconds",
      "From the broker's acceptance of a request to its result. Unit: seconds.",
      secondsBuckets,
      lane,
    ),
    overhead: define.boundedHistogram(
      "nocp_overhead_seconds",
      "A request's duration without its waits for providers: queues, tools and NOCP's own work. Unit: seconds.",
      secondsBuckets,
      lane,
    ),
    modelWait: define.boundedHistogram(
      "nocp_model_wait_seconds",
      "A request's wait for providers' answers, all attempts. Unit: seconds.",
      secondsBuckets,
      lane,
    ),
    providerWait: define.boundedHistogram(
      "nocp_provider_wait_seconds",
      "A request's wait until a provider could be asked: after its failure, for its quota or its breaker. Unit: seconds.",
      secondsBuckets,
      lane,
    ),
    tokens: define.boundedCounter(
      "nocp_tokens_total",
      "Tokens of prompts and answers, as they came and as they were sent. Unit: tokens.",
      { direction: ["input", "output"], form: ["raw", "optimized"] },
    ),
    strategyTokens: define.counter(
      "nocp_strategy_tokens_total",
      "Tokens before and after each compression strategy. Unit: tokens.",
      ["strategy", "form"],
    ),
    cacheHits: define.counter("nocp_cache_hits_total", "Requests that were answered from a cache. Unit: requests.", ["tier"]),
    confidence: define.histogram(
      "nocp_answer_confidence",
      "Confidence of answers, where it was scored. Unit: a share between 0 and 1.",
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    ),
    toolCalls: define.counter("nocp_tool_calls_total", "Calls of tools. Unit: calls.", ["tool", "status"]),
  };
}

// The metrics of observability: what transactions and stage events say, as Prometheus time series.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import type { EventKind, Transaction } from "@nocp/contracts/event.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { Counter, Histogram, type Registry } from "prom-client";
import { createLabelLimit } from "./label-limit.ts";
import type { StageIncident } from "./transaction-store.ts";

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
/** Bucket bounds of the OpenTelemetry conventions for generative AI (`gen_ai.client.*`). */
const genAiTokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const genAiSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

export interface ObservabilityMetrics {
  /** Call once for each transaction that is new. */
  recordTransaction(transaction: Transaction): void;
  /** Call once for each retried or dead-lettered delivery that is new. */
  recordIncident(incident: StageIncident): void;
  recordInvalid(kind: EventKind | "unknown"): void;
  /** Call once for each written batch. */
  recordWrite(events: number, seconds: number): void;
}

/** @param labelValueLimit distinct values each of the labels provider, model, tool, strategy and tier may take. */
export function createMetrics(
  registry: Registry,
  { labelValueLimit }: { readonly labelValueLimit: number },
): ObservabilityMetrics {
  const metrics = defineMetrics(registry);
  const provider = createLabelLimit(labelValueLimit);
  const model = createLabelLimit(labelValueLimit);
  const tool = createLabelLimit(labelValueLimit);
  const strategy = createLabelLimit(labelValueLimit);
  const tier = createLabelLimit(labelValueLimit);
  const stageLabel = (stage: string): string => stages.find((name) => name === stage) ?? "other";
  const codeLabel = (code: string | null | undefined): string => (code == null ? "none" : isErrorCode(code) ? code : "other");

  const recordAttempt = (attempt: ProviderAttempt) => {
    const labels = { provider: provider(attempt.provider), model: model(attempt.model) };
    metrics.providerAttempts.inc({ ...labels, outcome: attempt.outcome, code: codeLabel(attempt.errorCode) });
    const genAi = { gen_ai_provider_name: labels.provider, gen_ai_request_model: labels.model };
    metrics.operationDuration.observe({ ...genAi, error_type: codeLabel(attempt.errorCode) }, attempt.latencyMs / 1000);
    if (attempt.timeToFirstTokenMs !== undefined) metrics.timeToFirstToken.observe(labels, attempt.timeToFirstTokenMs / 1000);
    if (!attempt.usage) return;
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "input" }, attempt.usage.inputTokens);
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "output" }, attempt.usage.outputTokens);
  };

  const recordMoney = ({ cost, provider: providerName, model: modelName }: Transaction) => {
    const labels = { provider: provider(providerName ?? "none"), model: model(modelName ?? "none") };
    if (cost.usd === null) metrics.unknownPrice.inc(labels);
    else metrics.cost.inc(labels, cost.usd);
    if (cost.baselineUsd !== null) metrics.baselineCost.inc(labels, cost.baselineUsd);
  };

  return {
    recordTransaction: (transaction) => {
      const { status, lane, latency, tokens } = transaction;
      metrics.requests.inc({ status, lane, code: codeLabel(transaction.errorCode) });
      metrics.requestDuration.observe({ lane }, latency.totalMs / 1000);
      metrics.overhead.observe({ lane }, Math.max(0, latency.totalMs - latency.modelMs) / 1000);
      metrics.modelWait.observe({ lane }, latency.modelMs / 1000);
      for (const { stage, queueWaitMs, workMs } of transaction.journey) {
        metrics.stageQueueWait.observe({ stage: stageLabel(stage), lane }, queueWaitMs / 1000);
        metrics.stageWork.observe({ stage: stageLabel(stage), lane }, workMs / 1000);
        const code = stage === transaction.errorStage ? transaction.errorCode : null;
        metrics.completions.inc({ stage: stageLabel(stage), code: codeLabel(code) });
      }
      for (const direction of ["input", "output"] as const) {
        for (const form of ["raw", "optimized"] as const) metrics.tokens.inc({ direction, form }, tokens[direction][form]);
      }
      recordMoney(transaction);
      transaction.attempts.forEach(recordAttempt);
      if (transaction.cache.hit) metrics.cacheHits.inc({ tier: tier(transaction.cache.tier ?? "none") });
      if (transaction.confidence) metrics.confidence.observe(transaction.confidence.score);
      for (const { name, status } of transaction.tools)
        metrics.toolCalls.inc({ tool: tool(name), status: status === "succeeded" ? status : "failed" });
      for (const { strategy: name, before, after } of transaction.strategies) {
        metrics.strategyTokens.inc({ strategy: strategy(name), form: "before" }, before);
        metrics.strategyTokens.inc({ strategy: strategy(name), form: "after" }, after);
      }
    },
    recordIncident: ({ stage, kind, code }) => {
      if (kind === "dead-lettered") metrics.deadLetters.inc({ stage: stageLabel(stage), code: codeLabel(code) });
      else metrics.retries.inc({ stage: stageLabel(stage), code: codeLabel(code) });
    },
    recordInvalid: (kind) => metrics.invalid.inc({ kind }),
    recordWrite: (events, seconds) => {
      metrics.events.inc(events);
      metrics.writeDuration.observe(seconds);
    },
  };
}

/** Every metric, with its unit in the help text; `docs/metrics.md` is made from these. */
function defineMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []) =>
    new Histogram<L>({ name, help, buckets, labelNames: [...labelNames], registers });

  return {
    requests: counter("nocp_requests_total", "Finished requests; `code` is the error's, or none. Unit: requests.", [
      "status",
      "lane",
      "code",
    ]),
    requestDuration: histogram(
      "nocp_request_duration_seconds",
      "From the broker's acceptance of a request to its result. Unit: seconds.",
      secondsBuckets,
      ["lane"],
    ),
    overhead: histogram(
      "nocp_overhead_seconds",
      "A request's duration without its wait for providers: queues, tools and NOCP's own work. Unit: seconds.",
      secondsBuckets,
      ["lane"],
    ),
    modelWait: histogram(
      "nocp_model_wait_seconds",
      "A request's wait for providers, all attempts. Unit: seconds.",
      secondsBuckets,
      ["lane"],
    ),
    stageQueueWait: histogram(
      "nocp_stage_queue_wait_seconds",
      "How long a message waited for its stage to begin. Unit: seconds.",
      secondsBuckets,
      ["stage", "lane"],
    ),
    stageWork: histogram(
      "nocp_stage_work_seconds",
      "How long a stage worked on a message; llm-router's includes the wait for providers. Unit: seconds.",
      secondsBuckets,
      ["stage", "lane"],
    ),
    completions: counter(
      "nocp_stage_completions_total",
      "Stages that finished requests went through; `code` is the error that one ended in, or none. Unit: stages.",
      ["stage", "code"],
    ),
    retries: counter("nocp_stage_retries_total", "Deliveries that a stage gave back to try again. Unit: deliveries.", [
      "stage",
      "code",
    ]),
    deadLetters: counter("nocp_dead_letters_total", "Messages that ended in the dead-letter stream. Unit: messages.", [
      "stage",
      "code",
    ]),
    tokens: counter("nocp_tokens_total", "Tokens of prompts and answers, as they came and as they were sent. Unit: tokens.", [
      "direction",
      "form",
    ]),
    strategyTokens: counter("nocp_strategy_tokens_total", "Tokens before and after each compression strategy. Unit: tokens.", [
      "strategy",
      "form",
    ]),
    cost: counter("nocp_cost_usd_total", "What requests cost, where the price is known. Unit: US dollars.", [
      "provider",
      "model",
    ]),
    baselineCost: counter(
      "nocp_baseline_cost_usd_total",
      "What requests would have cost with the raw context, where the price is known. Unit: US dollars.",
      ["provider", "model"],
    ),
    unknownPrice: counter(
      "nocp_unknown_price_total",
      "Requests whose cost is unknown; they are in no sum of money. Unit: requests.",
      ["provider", "model"],
    ),
    providerAttempts: counter(
      "nocp_provider_attempts_total",
      "Calls of providers; `code` is the error's, or none. Unit: calls.",
      ["provider", "model", "outcome", "code"],
    ),
    timeToFirstToken: histogram(
      "nocp_time_to_first_token_seconds",
      "From a provider's call to the first token of its answer, where it streams. Unit: seconds.",
      secondsBuckets,
      ["provider", "model"],
    ),
    operationDuration: histogram(
      "gen_ai_client_operation_duration_seconds",
      "Duration of a provider's call: gen_ai.client.operation.duration of OpenTelemetry. Unit: seconds.",
      genAiSeconds,
      ["gen_ai_provider_name", "gen_ai_request_model", "error_type"],
    ),
    tokenUsage: histogram(
      "gen_ai_client_token_usage",
      "Tokens a provider billed for a call: gen_ai.client.token.usage of OpenTelemetry. Unit: tokens.",
      genAiTokens,
      ["gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
    ),
    cacheHits: counter("nocp_cache_hits_total", "Requests that were answered from a cache. Unit: requests.", ["tier"]),
    confidence: histogram(
      "nocp_answer_confidence",
      "Confidence of answers, where it was scored. Unit: a share between 0 and 1.",
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    ),
    toolCalls: counter("nocp_tool_calls_total", "Calls of tools. Unit: calls.", ["tool", "status"]),
    events: counter("nocp_events_total", "Events that observability recorded, new or not. Unit: events."),
    invalid: counter("nocp_events_invalid_total", "Events that match no schema and were left out. Unit: events.", ["kind"]),
    writeDuration: histogram("nocp_events_write_seconds", "Time to record one batch of events. Unit: seconds.", secondsBuckets),
  };
}

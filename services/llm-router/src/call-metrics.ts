// Calls of providers as they end, one by one: an outage shows at once, not when the requests that suffered from it are finished.
//
// The metrics with `gen_ai` in their names are those of OpenTelemetry's conventions for generative AI; see describe-attempt.ts.
import type { ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { codeLabel } from "@nocp/runtime/telemetry/code-label.ts";
import { createMetricDefiner, secondsBuckets } from "@nocp/runtime/telemetry/define-metrics.ts";
import { createLabelLimit } from "@nocp/runtime/telemetry/label-limit.ts";
import { recordedTraceId } from "@nocp/runtime/telemetry/recorded-trace.ts";
import type { Registry } from "prom-client";
import type { AttemptObserver } from "./attempt-observer.ts";
import type { InstalledProvider } from "./installed-provider.ts";
import { serverEndpointOf } from "./server-endpoint.ts";

/** Bucket bounds of the conventions. */
const genAiTokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const genAiSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const genAiLabels = [
  "gen_ai_operation_name",
  "gen_ai_provider_name",
  "gen_ai_request_model",
  "server_address",
  "server_port",
] as const;

/** Of the tokens of a call, those that are counted apart; most calls have none of them. */
const tokenParts = ["cache_read", "cache_write", "reasoning"] as const;

/** What a call of a provider fails with. */
const providerCodes = Object.keys(errorCatalogue).filter((code) => code.startsWith("PROVIDER_"));

export interface CallMetricsOptions {
  readonly providers: readonly Pick<InstalledProvider, "name" | "configured" | "defaultModel" | "genAiName" | "serverUrl">[];
  /** Distinct values each of the labels provider and model may take. */
  readonly labelValueLimit: number;
}

interface CallLabels {
  readonly provider: string;
  readonly model: string;
}

export function createCallMetrics(registry: Registry, { providers, labelValueLimit }: CallMetricsOptions): AttemptObserver {
  const metrics = defineCallMetrics(registry);
  const labelsOf = createLabels(labelValueLimit);
  const genAiOf = createGenAiLabels(providers);

  /** Models whose failures have series already: Prometheus sees no rise in a series that begins with its first failures. */
  const known = new Set<string>();
  const prepare = (labels: CallLabels) => {
    const key = JSON.stringify([labels.provider, labels.model]);
    if (known.has(key)) return;
    known.add(key);
    metrics.attempts.inc({ ...labels, outcome: "succeeded", code: "none" }, 0);
    for (const code of providerCodes) metrics.attempts.inc({ ...labels, outcome: "failed", code }, 0);
    for (const part of tokenParts) metrics.partTokens.inc({ ...labels, part }, 0);
  };
  for (const { name, configured, defaultModel } of providers)
    if (configured && defaultModel !== "") prepare(labelsOf({ provider: name, model: defaultModel }, true));

  const count = (attempt: ProviderAttempt): CallLabels => {
    const labels = labelsOf(attempt, attempt.outcome === "succeeded");
    prepare(labels);
    metrics.attempts.inc({ ...labels, outcome: attempt.outcome, code: codeLabel(attempt.errorCode) });
    return labels;
  };
  const countTokens = (labels: CallLabels, genAi: ReturnType<typeof genAiOf>, usage: Usage, traceId: string | undefined) => {
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "input" }, usage.inputTokens, traceId);
    metrics.tokenUsage.observe({ ...genAi, gen_ai_token_type: "output" }, usage.outputTokens, traceId);
    const counts = { cache_read: usage.cacheReadTokens, cache_write: usage.cacheWriteTokens, reasoning: usage.reasoningTokens };
    for (const part of tokenParts) if (counts[part] > 0) metrics.partTokens.inc({ ...labels, part }, counts[part]);
  };
  return {
    begin(candidate) {
      prepare(labelsOf(candidate, false));
      return ({ attempt, chunkGapsMs }) => {
        const traceId = recordedTraceId();
        const labels = count(attempt);
        const genAi = genAiOf(attempt.provider, labels.model);
        const error_type = attempt.outcome === "succeeded" ? "" : codeLabel(attempt.errorCode);
        metrics.duration.observe({ ...genAi, error_type }, attempt.latencyMs / 1000, traceId);
        if (attempt.timeToFirstTokenMs !== undefined) {
          metrics.timeToFirstToken.observe(labels, attempt.timeToFirstTokenMs / 1000, traceId);
          metrics.timeToFirstChunk.observe(genAi, attempt.timeToFirstTokenMs / 1000, traceId);
        }
        for (const gapMs of chunkGapsMs) metrics.timePerChunk.observe(genAi, gapMs / 1000, traceId);
        if (attempt.usage) countTokens(labels, genAi, attempt.usage, traceId);
      };
    },
    lost: (calls) => calls.forEach(count),
  };
}

/** Names come from callers: those that answer keep their series, made-up ones end as `other`. */
function createLabels(limit: number) {
  const provider = createLabelLimit(limit);
  const model = createLabelLimit(limit);
  return (candidate: RouteCandidate, isAnswered: boolean): CallLabels => ({
    provider: provider(candidate.provider, isAnswered),
    model: model(candidate.model, isAnswered),
  });
}

function createGenAiLabels(providers: CallMetricsOptions["providers"]) {
  const fixed = new Map(
    providers.map(({ name, genAiName, serverUrl }) => {
      const server = serverEndpointOf(serverUrl);
      const where = { server_address: server?.address ?? "", server_port: server === undefined ? "" : String(server.port) };
      return [name, { gen_ai_operation_name: "chat", gen_ai_provider_name: genAiName, ...where }];
    }),
  );
  const unknown = { gen_ai_operation_name: "chat", gen_ai_provider_name: "other", server_address: "", server_port: "" };
  return (provider: string, model: string) => ({ ...(fixed.get(provider) ?? unknown), gen_ai_request_model: model });
}

function defineCallMetrics(registry: Registry) {
  const define = createMetricDefiner(registry);
  const labels = ["provider", "model"] as const;
  return {
    attempts: define.counter("nocp_provider_attempts_total", "Calls of providers; `code` is the error's, or none. Unit: calls.", [
      ...labels,
      "outcome",
      "code",
    ]),
    timeToFirstToken: define.histogram(
      "nocp_time_to_first_token_seconds",
      "From a provider's call to the first token of its answer. Unit: seconds.",
      secondsBuckets,
      labels,
    ),
    partTokens: define.counter(
      "nocp_provider_tokens_total",
      "Of the tokens that providers billed: input read from or written to their prompt cache, output spent on reasoning. Unit: tokens.",
      [...labels, "part"],
    ),
    duration: define.histogram(
      "gen_ai_client_operation_duration_seconds",
      "Duration of a provider's call: gen_ai.client.operation.duration of OpenTelemetry. Unit: seconds.",
      genAiSeconds,
      [...genAiLabels, "error_type"],
    ),
    timeToFirstChunk: define.histogram(
      "gen_ai_client_operation_time_to_first_chunk_seconds",
      "From a provider's call to the first piece of its answer: gen_ai.client.operation.time_to_first_chunk of OpenTelemetry. Unit: seconds.",
      genAiSeconds,
      genAiLabels,
    ),
    timePerChunk: define.histogram(
      "gen_ai_client_operation_time_per_output_chunk_seconds",
      "Between two pieces of an answer: gen_ai.client.operation.time_per_output_chunk of OpenTelemetry. Unit: seconds.",
      genAiSeconds,
      genAiLabels,
    ),
    tokenUsage: define.histogram(
      "gen_ai_client_token_usage",
      "Tokens a provider billed for a call: gen_ai.client.token.usage of OpenTelemetry. Unit: tokens.",
      genAiTokens,
      [...genAiLabels, "gen_ai_token_type"],
    ),
  };
}

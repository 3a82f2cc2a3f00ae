import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { AttemptOutcome } from "./attempt-completion.ts";
import { createCallMetrics } from "./call-metrics.ts";

const provider = { configured: true, genAiName: "openai", serverUrl: "https://api.openai.com/v1" };
const providers = [
  { ...provider, name: "openai", defaultModel: "gpt-5-mini" },
  { ...provider, name: "openai@second", defaultModel: "gpt-5-mini", serverUrl: "http://10.0.0.7:8080/v1" },
  { ...provider, name: "gemini", defaultModel: "gemini-pro", configured: false },
  { name: "static", configured: true, genAiName: "nocp", defaultModel: "static" },
];

function metricsOf({ labelValueLimit = 100 } = {}) {
  const registry = new Registry();
  return { registry, observer: createCallMetrics(registry, { providers, labelValueLimit }) };
}

const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 40, cacheWriteTokens: 5, reasoningTokens: 7 };
const outcomeOf = (attempt: Partial<ProviderAttempt>, chunkGapsMs: readonly number[] = []): AttemptOutcome => ({
  attempt: { provider: "openai", model: "gpt-5-mini", outcome: "succeeded", latencyMs: 1200, costUsd: 0, ...attempt },
  reported: undefined,
  chunkGapsMs,
  error: undefined,
  wrote: false,
});
const failed = (candidate: Partial<RouteCandidate> = {}, errorCode = "PROVIDER_TIMEOUT") =>
  outcomeOf({ ...candidate, outcome: "failed", errorCode });

test("a call counts when it ends, the failed one with its code, whatever becomes of the request", async () => {
  const { registry, observer } = metricsOf();
  const end = observer.begin({ provider: "openai", model: "gpt-5-mini" });
  end(failed(), false);
  observer.begin({ provider: "openai", model: "gpt-5-mini" })(failed({}, "CANCELLED"), true);
  const text = await registry.metrics();
  const series = 'nocp_provider_attempts_total{provider="openai",model="gpt-5-mini",outcome="failed",code=';
  expect(text).toContain(`${series}"PROVIDER_TIMEOUT"} 1`);
  expect(text).toContain(`${series}"CANCELLED"} 1`);
});

test("calls that were lost with their process count as failed", async () => {
  const { registry, observer } = metricsOf();
  observer.lost?.([failed({}, "CALL_LOST").attempt]);
  expect(await registry.metrics()).toContain('outcome="failed",code="CALL_LOST"} 1');
});

test("answers and failures of configured models have series at zero before the first call, those of others from their first on", async () => {
  const { registry, observer } = metricsOf();
  const series = (name: string, model: string, rest: string) =>
    `nocp_provider_attempts_total{provider="${name}",model="${model}",${rest}} 0`;
  const before = await registry.metrics();
  for (const rest of ['outcome="succeeded",code="none"', 'outcome="failed",code="PROVIDER_UNREACHABLE"'])
    expect(before).toContain(series("openai", "gpt-5-mini", rest));
  expect(before).not.toContain('provider="gemini"');
  observer.begin({ provider: "gemini", model: "gemini-pro" });
  expect(await registry.metrics()).toContain(series("gemini", "gemini-pro", 'outcome="failed",code="PROVIDER_RATE_LIMITED"'));
});

test("OpenTelemetry's metrics have its labels: the vendor's name, the operation, and the server of the account", async () => {
  const { registry, observer } = metricsOf();
  const candidate = { provider: "openai@second", model: "gpt-5-mini" };
  observer.begin(candidate)(
    outcomeOf({ ...candidate, timeToFirstTokenMs: 300, usage: { ...usage, source: "provider" } }, [20, 600]),
    false,
  );
  const text = await registry.metrics();
  const labels =
    'gen_ai_operation_name="chat",gen_ai_provider_name="openai",server_address="10.0.0.7",server_port="8080",gen_ai_request_model="gpt-5-mini"';
  expect(text).toContain(`gen_ai_client_operation_duration_seconds_sum{${labels},error_type=""} 1.2`);
  expect(text).toContain(`gen_ai_client_operation_time_to_first_chunk_seconds_sum{${labels}} 0.3`);
  expect(text).toContain(`gen_ai_client_operation_time_per_output_chunk_seconds_count{${labels}} 2`);
  expect(text).toContain(`gen_ai_client_operation_time_per_output_chunk_seconds_sum{${labels}} 0.62`);
  expect(text).toContain(`gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="output"} 20`);
  expect(text).toContain('nocp_provider_tokens_total{provider="openai@second",model="gpt-5-mini",part="cache_read"} 40');
});

test("a call within the process has no server, and one that did not stream no pieces", async () => {
  const { registry, observer } = metricsOf();
  observer.begin({ provider: "static", model: "static" })(outcomeOf({ provider: "static", model: "static" }), false);
  const text = await registry.metrics();
  expect(text).toMatch(/gen_ai_client_operation_duration_seconds_count\{.*server_address="",server_port=""/);
  expect(text).not.toMatch(/^gen_ai_client_operation_time_(to_first|per_output)_chunk_seconds_count/m);
});

test("fifty made-up models that fail hide none that answers", async () => {
  const { registry, observer } = metricsOf({ labelValueLimit: 20 });
  for (let index = 0; index < 50; index++) {
    const candidate = { provider: "openai", model: `made-up-${index}` };
    observer.begin(candidate)(failed(candidate), false);
  }
  observer.begin({ provider: "openai", model: "gpt-9" })(outcomeOf({ model: "gpt-9" }), false);
  const text = await registry.metrics();
  expect(text).toContain('nocp_provider_attempts_total{provider="openai",model="gpt-9",outcome="succeeded",code="none"} 1');
  expect(text.match(/model="made-up-\d+",outcome="succeeded"/g)).toHaveLength(2);
  expect(text).toContain(
    'nocp_provider_attempts_total{provider="openai",model="other",outcome="failed",code="PROVIDER_TIMEOUT"} 48',
  );
});

test("every metric has a help text that ends with its unit, and durations are in seconds", () => {
  const { registry } = metricsOf();
  for (const { name, help } of registry.getMetricsAsArray()) {
    expect(help, name).toMatch(/ Unit: [A-Za-z0-9 ]+\.$/);
    expect(name).toMatch(/^(nocp|gen_ai)_[a-z_]+$/);
    expect(name).not.toMatch(/_(ms|milliseconds)(_|$)/);
  }
});

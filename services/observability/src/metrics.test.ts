import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { exampleCost, exampleTransaction } from "../../../test/fixtures/transaction-example.ts";
import { createMetrics } from "./metrics.ts";

async function textAfter(transactions: readonly ReturnType<typeof exampleTransaction>[], labelValueLimit = 100): Promise<string> {
  const registry = new Registry();
  const metrics = createMetrics(registry, { labelValueLimit });
  transactions.forEach(metrics.recordTransaction);
  return registry.metrics();
}

test("a transaction's numbers appear in seconds, tokens and dollars", async () => {
  const text = await textAfter([exampleTransaction()]);
  expect(text).toContain('nocp_requests_total{status="succeeded",lane="interactive",code="none"} 1');
  expect(text).toContain('nocp_request_duration_seconds_sum{lane="interactive"} 1.3');
  expect(text).toContain('nocp_stage_queue_wait_seconds_sum{stage="llm-router",lane="interactive"} 0.015');
  expect(text).toContain('nocp_tokens_total{direction="input",form="raw"} 1000');
  expect(text).toContain('nocp_tokens_total{direction="input",form="optimized"} 300');
  expect(text).toContain('nocp_cost_usd_total{provider="openai",model="gpt-5-mini"} 0.002');
  expect(text).toContain('nocp_baseline_cost_usd_total{provider="openai",model="gpt-5-mini"} 0.005');
});

test("overhead is the duration without the waits for providers, and never negative", async () => {
  const { latency } = exampleTransaction();
  expect(await textAfter([exampleTransaction()])).toContain('nocp_overhead_seconds_sum{lane="interactive"} 0.1');
  const held = exampleTransaction({ latency: { ...latency, totalMs: 2_300, providerWaitMs: 1_000 } });
  const text = await textAfter([held]);
  expect(text).toContain('nocp_overhead_seconds_sum{lane="interactive"} 0.1');
  expect(text).toContain('nocp_provider_wait_seconds_sum{lane="interactive"} 1\n');
  const skewed = exampleTransaction({ latency: { ...latency, totalMs: 5, modelMs: 9 } });
  expect(await textAfter([skewed])).toContain('nocp_overhead_seconds_sum{lane="interactive"} 0');
});

test("a stage's queue wait is without what a provider made the message wait", async () => {
  const journey = [{ stage: "llm-router", attempt: 1, queueWaitMs: 1_015, workMs: 20, heldMs: 1_000 }];
  expect(await textAfter([exampleTransaction({ journey })])).toContain(
    'nocp_stage_queue_wait_seconds_sum{stage="llm-router",lane="interactive"} 0.015',
  );
});

test("an unknown price is counted and adds nothing to the cost", async () => {
  const text = await textAfter([exampleTransaction({ cost: exampleCost(null, null) })]);
  expect(text).toContain('nocp_unknown_price_total{provider="openai",model="gpt-5-mini"} 1');
  expect(text).not.toMatch(/^nocp_cost_usd_total\{/m);
});

test("what tenants cost is told apart, for as many as the limit allows", async () => {
  const text = await textAfter(["acme", "acme", "other-one"].map((tenant) => exampleTransaction({ tenant })));
  expect(text).toContain('nocp_tenant_cost_usd_total{tenant="acme"} 0.004');
  expect(text).toContain('nocp_tenant_cost_usd_total{tenant="other-one"} 0.002');
  const many = Array.from({ length: 1000 }, (_, index) => exampleTransaction({ tenant: `tenant-${index}` }));
  const series = (await textAfter(many, 10)).split("\n").filter((line) => line.startsWith("nocp_tenant_cost_usd_total{"));
  expect(series).toHaveLength(10);
  expect(series.find((line) => line.includes('tenant="other"'))).toMatch(/ 1\.98\d*$/);
});

test("a thousand models make as many time series as the limit allows, and one called other", async () => {
  const text = await textAfter(
    Array.from({ length: 1000 }, (_, index) => exampleTransaction({ model: `model-${index}`, attempts: [] })),
    10,
  );
  const series = text.split("\n").filter((line) => line.startsWith("nocp_cost_usd_total{"));
  // A tenth of the places is for names that have not answered yet.
  expect(series).toHaveLength(10);
  expect(series.find((line) => line.includes('model="other"'))).toMatch(/ 1\.98\d*$/);
});

test("models that failed in requests without an answer hide none that answers", async () => {
  const failed = Array.from({ length: 50 }, (_, index) =>
    exampleTransaction({
      status: "failed",
      model: `made-up-${index}`,
      attempts: [{ provider: "openai", model: `made-up-${index}`, outcome: "failed", latencyMs: 1, costUsd: null }],
    }),
  );
  const text = await textAfter([...failed, exampleTransaction()], 20);
  expect(text).toContain('nocp_cost_usd_total{provider="openai",model="gpt-5-mini"} 0.002');
  expect(text.match(/^nocp_cost_usd_total\{.*model="made-up-\d+"/gm)).toHaveLength(2);
});

test("every series whose labels are bounded is there before its first event, at zero", async () => {
  const text = await textAfter([]);
  for (const series of [
    'nocp_requests_total{status="succeeded",lane="batch",code="none"}',
    'nocp_requests_total{status="failed",lane="interactive",code="PROVIDER_TIMEOUT"}',
    'nocp_dead_letters_total{stage="act",code="INVALID_REQUEST"}',
    'nocp_stage_retries_total{stage="llm-router",code="PROVIDER_TIMEOUT"}',
    'nocp_stage_retries_total{stage="act",code="other"}',
    'nocp_stage_queue_wait_seconds_count{stage="assess",lane="batch"}',
    'nocp_tokens_total{direction="input",form="raw"}',
    'nocp_events_invalid_total{kind="unknown"}',
  ])
    expect(text).toContain(`${series} 0`);
});

test("an error of any code the catalogue has for a stage finds its series", async () => {
  const registry = new Registry();
  const metrics = createMetrics(registry, { labelValueLimit: 100 });
  const seriesOf = async () => (await registry.metrics()).match(/^nocp_(?:requests|dead_letters|stage_retries)_total\{.*\}/gm);
  const before = await seriesOf();
  const incident = { requestId: "r", at: 1, attempt: 1, queueWaitMs: 0, workMs: 0, stage: "act" };
  for (const [code, { raisedBy }] of Object.entries(errorCatalogue)) {
    if (!raisedBy.some((place) => place === "stage" || place === "tool" || place === "provider")) continue;
    metrics.recordTransaction(exampleTransaction({ status: "failed", errorCode: code, errorStage: "act" }));
    metrics.recordIncident({ ...incident, kind: "dead-lettered", code });
    metrics.recordIncident({ ...incident, kind: "stage-retried", code });
  }
  expect(before?.length).toBeGreaterThan(100);
  expect(await seriesOf()).toEqual(before);
});

test("stages and codes that are in no table share one label", async () => {
  const text = await textAfter([
    exampleTransaction({ errorCode: "MADE_UP", journey: [{ stage: "made-up", attempt: 1, queueWaitMs: 1, workMs: 1 }] }),
  ]);
  expect(text).toContain('code="other"');
  expect(text).toContain('stage="other"');
  expect(text).not.toMatch(/made-up|MADE_UP/);
});

test("every metric has a help text that ends with its unit, and durations are in seconds", async () => {
  const registry = new Registry();
  createMetrics(registry, { labelValueLimit: 1 });
  for (const { name, help } of registry.getMetricsAsArray()) {
    expect(help, name).toMatch(/ Unit: [A-Za-z0-9 ]+\.$/);
    expect(name).toMatch(/^nocp_[a-z_]+$/);
    expect(name).not.toMatch(/_(ms|milliseconds)(_|$)/);
  }
});

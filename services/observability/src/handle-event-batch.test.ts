import type { EventKind } from "@nocp/contracts/event.ts";
import type { ReceivedEvent } from "@nocp/runtime/stores/event-batch.ts";
import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleTransaction } from "../../../test/fixtures/transaction-example.ts";
import { createEventBatchHandler } from "./handle-event-batch.ts";
import { createMetrics } from "./metrics.ts";
import { openTransactionStore, type TransactionStore } from "./transaction-store.ts";

const stageEvent = { requestId: "r1", at: 1000, attempt: 1, queueWaitMs: 2, workMs: 3 };

let store: TransactionStore;
let registry: Registry;
let reasons: string[];
let handleBatch: (events: readonly ReceivedEvent[]) => Promise<void>;
beforeEach(() => {
  store = openTransactionStore(":memory:");
  registry = new Registry();
  reasons = [];
  handleBatch = createEventBatchHandler({
    store,
    metrics: createMetrics(registry, { labelValueLimit: 100 }),
    onInvalid: (_, reason) => reasons.push(reason),
  });
});
afterEach(() => store.close());

const received = (kind: string, body: unknown, sequence = 1, service = "act"): ReceivedEvent => ({
  service,
  kind: kind as EventKind,
  body,
  sequence,
});
const finished = (requestId: string, sequence: number) =>
  received("transaction", { transactions: [exampleTransaction({ requestId })] }, sequence, "articulate");

/** The value of one time series, e.g. `nocp_requests_total{status="failed"}`; 0 when it is not there. */
async function sampleOf(name: string, labels: Record<string, string> = {}): Promise<number> {
  const metric = registry.getSingleMetric(name);
  if (!metric) throw new Error(`no metric ${name}`);
  const { values } = await metric.get();
  return values
    .filter((value) => Object.entries(labels).every(([key, label]) => (value.labels as Record<string, unknown>)[key] === label))
    .reduce((sum, value) => sum + value.value, 0);
}

test("bad events are counted and left out, whatever they are; the good ones beside them are recorded", async () => {
  const bodies = [
    undefined,
    null,
    "text",
    7,
    [],
    {},
    { transactions: [null] },
    { transactions: [{ ...exampleTransaction(), status: "odd" }] },
  ];
  await handleBatch([
    finished("first", 1),
    ...bodies.map((body, index) => received("transaction", body, index + 2)),
    finished("last", 99),
  ]);
  expect(
    store
      .latest()
      .map((summary) => summary.requestId)
      .sort(),
  ).toEqual(["first", "last"]);
  expect(await sampleOf("nocp_events_invalid_total", { kind: "transaction" })).toBe(bodies.length);
  expect(reasons).toHaveLength(bodies.length);
});

test("changes of breakers are counted by model and state", async () => {
  const change = {
    provider: "openai",
    model: "m",
    from: "closed",
    to: "open",
    at: 1,
    reason: "it failed",
    openings: 1,
    until: 2,
  };
  const changes = [change, { ...change, from: "open", to: "half-open", until: null }, { ...change, model: "" }];
  await handleBatch([
    received("breaker-changed", { changes }, 1, "llm-router"),
    received("breaker-changed", { changes: [{}] }, 2),
  ]);
  const counted = (model: string, to: string) => sampleOf("nocp_breaker_changes_total", { provider: "openai", model, to });
  expect(await Promise.all([counted("m", "open"), counted("m", "half-open"), counted("", "open")])).toEqual([1, 1, 1]);
  expect(await sampleOf("nocp_events_invalid_total", { kind: "breaker-changed" })).toBe(1);
});

test("a bad transaction in a batch does not take the good ones with it", async () => {
  const transactions = [exampleTransaction({ requestId: "a" }), { requestId: "b" }, exampleTransaction({ requestId: "c" })];
  await handleBatch([received("transaction", { transactions })]);
  expect(
    store
      .latest()
      .map((summary) => summary.requestId)
      .sort(),
  ).toEqual(["a", "c"]);
  expect(await sampleOf("nocp_events_invalid_total", { kind: "transaction" })).toBe(1);
  expect(reasons[0]).toMatch(/transactions\.1/);
});

test("an event of a kind nobody knows is counted under a label of its own", async () => {
  await handleBatch([received("invented-by-somebody", {})]);
  expect(await sampleOf("nocp_events_invalid_total", { kind: "unknown" })).toBe(1);
});

test("the reason for leaving an event out names the field and holds none of its content", async () => {
  await handleBatch([received("transaction", { transactions: [{ ...exampleTransaction(), traceId: { secret: "hunter2" } }] })]);
  expect(reasons[0]).toMatch(/transactions\.0\.traceId/);
  expect(reasons[0]).not.toMatch(/hunter2/);
});

test("the same events handed over again change neither the store nor the metrics", async () => {
  const events = [
    finished("r1", 1),
    received("stage-retried", { events: [{ ...stageEvent, code: "TOOL_TIMEOUT" }] }, 3),
    received("dead-lettered", { events: [{ ...stageEvent, code: "INVALID_ARGUMENTS" }] }, 4),
  ];
  const countsAfter = async () => {
    await handleBatch(events);
    return Promise.all([
      store.totals().count,
      sampleOf("nocp_requests_total"),
      sampleOf("nocp_cost_usd_total"),
      sampleOf("nocp_stage_completions_total", { stage: "act", code: "none" }),
      sampleOf("nocp_stage_retries_total", { stage: "act", code: "TOOL_TIMEOUT" }),
      sampleOf("nocp_dead_letters_total", { stage: "act", code: "INVALID_ARGUMENTS" }),
    ]);
  };
  expect(await countsAfter()).toEqual([1, 1, 0.002, 1, 1, 1]);
  expect(await countsAfter()).toEqual([1, 1, 0.002, 1, 1, 1]);
});

test("when the write fails, nothing is counted and the error reaches the runtime, which keeps the events", async () => {
  const failing = createEventBatchHandler({
    store: {
      write: () => {
        throw new Error("disk full");
      },
    },
    metrics: createMetrics(new Registry(), { labelValueLimit: 1 }),
  });
  await expect(failing([finished("r1", 1)])).rejects.toThrow("disk full");
  store.close();
  await expect(handleBatch([finished("r1", 1), received("stage-retried", { events: [stageEvent] }, 2)])).rejects.toThrow();
  expect(await sampleOf("nocp_requests_total")).toBe(0);
  expect(await sampleOf("nocp_stage_completions_total")).toBe(0);
  store = openTransactionStore(":memory:");
});

test("an empty batch is nothing", async () => {
  await handleBatch([]);
  expect(store.totals().count).toBe(0);
});

// A failed attempt is told apart by its code wherever it is told of: in the event, the metric and the span.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createMeasureInterceptor } from "./measure-interceptor.ts";
import type { Settlement } from "./settlement.ts";
import { composeInterceptors, type StageAttempt } from "./stage-attempt.ts";
import { createTraceInterceptor } from "./trace-interceptor.ts";

const attempt = (): StageAttempt => ({
  stage: "act",
  delivery: {
    lane: "batch",
    durable: "act-batch",
    message: {
      subject: "nocp.v2.request.submitted.default.batch.r",
      headers: undefined,
      bodyBytes: 2,
      deliveryCount: 1,
      streamSequence: 1,
    },
  } as unknown as StageAttempt["delivery"],
  addressed: {
    fact: "request.submitted",
    tenant: "default",
    lane: "batch",
    requestId: "r",
    messageId: "m",
    storedAt: 0,
    renewedDeadlineAt: undefined,
  },
  startedAt: 0,
  queueWaitMs: 0,
  controller: new AbortController(),
  handled: () => undefined,
  mayBeRedelivered: false,
  sinceOutageMs: () => Number.POSITIVE_INFINITY,
  mayBeRepeated: false,
  number: 1,
  lostStarts: 0,
  heldMs: 0,
  pausedMs: 0,
  handovers: [],
  decoded: undefined,
  traceContext: ROOT_CONTEXT,
  span: undefined,
});

async function toldOf(settlement: Settlement) {
  const registry = new Registry();
  const events: [string, string | null][] = [];
  const statuses: unknown[] = [];
  const span = {
    isRecording: () => true,
    setAttributes: () => span,
    spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
    setAttribute: () => span,
    setStatus: (status: unknown) => statuses.push(status),
    end: () => {},
  } as unknown as Span;
  const tracer = { startSpan: () => span } as unknown as Tracer;
  const measure = createMeasureInterceptor(
    registry,
    "act",
    { add: (kind, _tenant, { code }) => events.push([kind, code]) },
    () => 0,
  );
  await composeInterceptors([createTraceInterceptor(tracer, () => 0), measure], async () => settlement)(attempt());
  const settled = (await registry.getSingleMetric("nocp_messages_total")?.get())?.values.find(({ value }) => value === 1);
  return { event: events[0], code: settled?.labels.code, statuses };
}

const timeout = new NocpError("PROVIDER_TIMEOUT", "x");

test.each<[Settlement, string, string]>([
  [{ kind: "retry", delayMs: 1, cause: timeout }, "stage-retried", "PROVIDER_TIMEOUT"],
  [{ kind: "retry", delayMs: 1, cause: new Error("x") }, "stage-retried", "UNEXPECTED"],
  [{ kind: "retry", delayMs: 1, cause: undefined }, "stage-retried", "UNEXPECTED"],
  [{ kind: "fail", error: timeout }, "stage-completed", "PROVIDER_TIMEOUT"],
  [{ kind: "dead-letter", error: timeout }, "dead-lettered", "PROVIDER_TIMEOUT"],
])("%j is told of as %s with the code %s", async (settlement, kind, code) => {
  expect(await toldOf(settlement)).toEqual({
    event: [kind, code],
    code,
    statuses: [{ code: SpanStatusCode.ERROR, message: code }],
  });
});

test.each<[Settlement]>([[{ kind: "ack" }], [{ kind: "return" }]])("%j is no failure", async (settlement) => {
  expect(await toldOf(settlement)).toEqual({ event: ["stage-completed", null], code: "", statuses: [] });
});

test("both lanes have their series before the first message", async () => {
  const registry = new Registry();
  createMeasureInterceptor(registry, "assess", { add: () => {} }, () => 0);
  const text = await registry.metrics();
  for (const lane of ["interactive", "batch"]) {
    expect(text).toContain(`nocp_messages_running{stage="assess",lane="${lane}"} 0`);
    expect(text).toContain(`nocp_message_queue_wait_seconds_count{stage="assess",lane="${lane}"} 0`);
    expect(text).toContain(`nocp_messages_total{stage="assess",lane="${lane}",settlement="ack",code=""} 0`);
  }
});

test("a span ends by the clock that its start was read from", async () => {
  const times: unknown[] = [];
  const span = {
    isRecording: () => true,
    setAttributes: () => span,
    spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
    setAttribute: () => span,
    setStatus: () => span,
    end: (at: unknown) => times.push(at),
  } as unknown as Span;
  const tracer = {
    startSpan: (_name: string, { startTime }: { startTime: number }) => {
      times.push(startTime);
      return span;
    },
  } as unknown as Tracer;
  const startedAt = 1_000.75;
  const settle = async (): Promise<Settlement> => ({ kind: "fail", error: timeout });
  await composeInterceptors([createTraceInterceptor(tracer, () => startedAt + 0.1)], settle)({ ...attempt(), startedAt });
  expect(times).toEqual([startedAt, startedAt + 0.1]);
});

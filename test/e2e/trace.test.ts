import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { telemetrySection } from "@nocp/runtime/config/sections.ts";
import { startTelemetry, type Telemetry } from "@nocp/runtime/telemetry/start-telemetry.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CollectedSpan, type OtlpCollector, startOtlpCollector } from "../servers/otlp-collector.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let collector: OtlpCollector;
let deployment: TestDeployment;
let telemetry: Telemetry;
const problems: string[] = [];
const secret = "Zebrafinch-4711";

beforeAll(async () => {
  collector = await startOtlpCollector();
  telemetry = await startTelemetry({
    settings: { ...defaultsOf(telemetrySection), otlpEndpoint: collector.url, protocol: "http/json" },
    identity: { serviceName: "caller", version: "0", instanceId: "test" },
    onProblem: (reason) => problems.push(reason),
    only: ["traces"],
  });
  deployment = await startTestDeployment({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    // Nothing listens there: the first candidate fails, the fallback answers.
    NOCP_PROVIDERS_OPENAI_API_KEY: "test-key",
    NOCP_PROVIDERS_OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1`,
    NOCP_LOG_LEVEL: "debug",
  });
});

afterAll(async () => {
  await telemetry?.stop();
  await deployment?.end();
  await collector?.close();
});

/** Submits with a recording client, and collects the trace once it is complete. */
async function traceOf(request: Parameters<Awaited<ReturnType<typeof createClient>>["ask"]>[0]) {
  const client = await createClient({ natsUrl: deployment.natsUrl, tracer: telemetry.tracer });
  const result = await client.ask(request, { timeoutMs: 240_000 });
  await client.close();
  const traceId = result.traceId ?? "";
  await waitFor(() => named(collector.spansOf(traceId), "publish nocp.v2.request.submitted").length > 0, "the caller's span");
  return { result, spans: await spansOfAllStages(traceId) };
}

/** Each process sends its spans in its own time; the one of a delivery ends after all within it. */
async function spansOfAllStages(traceId: string): Promise<CollectedSpan[]> {
  const spans = () => collector.spansOf(traceId);
  const hasProcessed = (stage: string) => spans().some(({ name, service }) => service === stage && name.startsWith("process "));
  await waitFor(() => stages.every(hasProcessed), "a span of every stage");
  return spans();
}

const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name);

test("a request is one trace over all processes: one root, no orphan, every stage, every provider attempt", async () => {
  const { result, spans } = await traceOf({
    query: "What is the code?",
    documents: [{ title: "Codes", text: `The code is ${secret}. Nothing else is known.` }],
    tools: [{ name: "file.read", arguments: { path: "package.json" } }],
    routing: { provider: "openai", model: "gpt-4o-mini", fallbacks: [{ provider: "extractive", model: "extractive-1" }] },
  });
  expect(result.status).not.toBe("failed");
  expect(problems).toEqual([]);

  const ids = new Set(spans.map((span) => span.spanId));
  const roots = spans.filter((span) => span.parentSpanId === "");
  expect(roots.map((span) => [span.name, span.service])).toEqual([["publish nocp.v2.request.submitted", "caller"]]);
  expect(spans.filter((span) => span.parentSpanId !== "" && !ids.has(span.parentSpanId))).toEqual([]);
  expect(new Set(spans.map((span) => span.service))).toEqual(new Set(["caller", "act", "assess", "llm-router", "articulate"]));

  const way = ["request.submitted", "tools.completed", "context.optimized", "completion.received"];
  for (const fact of way) {
    const [published] = named(spans, `publish nocp.v2.${fact}`);
    const [processed, ...more] = named(spans, `process nocp.v2.${fact}`);
    expect(more).toEqual([]);
    expect(published?.kind).toBe(4);
    expect(processed?.kind).toBe(5);
    expect(processed?.parentSpanId).toBe(published?.spanId);
    expect(processed?.links).toEqual([published?.spanId]);
    expect(processed?.attributes).toMatchObject({
      "messaging.system": "nats",
      "messaging.operation.name": "process",
      "messaging.destination.template": `nocp.v2.${fact}`,
      "nocp.request.id": result.requestId,
      "nocp.settlement": "ack",
      "nocp.attempt": 1,
    });
    // The wait is the gap before the bar, and in numbers: from the broker's storing to the start.
    const waitMs = Number(processed?.attributes["nocp.queue.wait_ms"]);
    expect(waitMs).toBeGreaterThanOrEqual(0);
    expect(processed?.startMs).toBeGreaterThanOrEqual((published?.startMs ?? Number.POSITIVE_INFINITY) + waitMs - 1);
  }

  expect(named(spans, "execute_tool file.read")).toHaveLength(1);
  const attempts = spans.filter((span) => span.attributes["gen_ai.operation.name"] === "chat");
  expect(attempts.map((span) => [span.kind, span.attributes["gen_ai.request.model"]])).toEqual([
    [3, "gpt-4o-mini"],
    // Once more, as for every provider that is not reached.
    [3, "gpt-4o-mini"],
    [3, "extractive-1"],
  ]);
  expect(attempts).toHaveLength(result.attempts.length);
  expect(attempts[0]?.attributes["error.type"]).toBe("PROVIDER_UNREACHABLE");
  expect(attempts[2]?.attributes["gen_ai.usage.input_tokens"]).toBe(result.usage?.inputTokens);
});

test("a caller without a tracer of its own gets a whole trace, which begins in the first service", async () => {
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const { traceId } = await client.ask({
    query: "What is the code?",
    documents: [{ text: "The code is 7." }],
    routing: { provider: "extractive" },
  });
  await client.close();
  const spans = await spansOfAllStages(traceId ?? "");
  const roots = spans.filter((span) => span.parentSpanId === "");
  expect(roots.map((span) => [span.name, span.service])).toEqual([["process nocp.v2.request.submitted", "act"]]);
  expect(new Set(spans.map((span) => span.service))).toEqual(new Set(stages));
});

test("neither spans nor logs hold content", async () => {
  const { result, spans } = await traceOf({
    query: `Where does ${secret} live?`,
    documents: [{ text: `${secret} lives in Lisbon.` }],
    routing: { provider: "extractive" },
  });
  expect(result.answer).toContain("Lisbon");
  expect(JSON.stringify(spans)).not.toContain(secret);
  expect([...deployment.output.values()].flat().join("\n")).not.toContain(secret);
  expect([...deployment.output.values()].flat().join("\n")).not.toContain("test-key");
});

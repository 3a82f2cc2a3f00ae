import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { telemetrySection } from "@nocp/runtime/config/sections.ts";
import { startTelemetry, type Telemetry } from "@nocp/runtime/telemetry/start-telemetry.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";
import { type McpHttpServer, startMcpHttpServer } from "../servers/mcp-http-server.ts";
import { type CollectedSpan, type OtlpCollector, startOtlpCollector } from "../servers/otlp-collector.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let collector: OtlpCollector;
let deployment: TestDeployment;
let telemetry: Telemetry;
let tools: McpHttpServer;
let vendor: HttpTestServer;
/** All that the model's vendor is sent: headers and bodies. */
const sentToVendor: string[] = [];
const problems: string[] = [];
const secret = "Zebrafinch-4711";

beforeAll(async () => {
  collector = await startOtlpCollector();
  tools = await startMcpHttpServer();
  vendor = await startHttpTestServer(({ request, response, body }) => {
    sentToVendor.push(`${request.url} ${JSON.stringify(request.headers)} ${body}`);
    const message = { role: "assistant", content: "It is known." };
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 0, model: "scripted-1", choices, usage }));
  });
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
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "scripted-1",
    NOCP_ACT_MCP_SERVERS: JSON.stringify({ host: { url: tools.url } }),
    NOCP_ACT_MCP_CONNECT_TIMEOUT_MS: "60000",
    OTEL_METRIC_EXPORT_INTERVAL: "500",
    NOCP_LOG_LEVEL: "debug",
  });
});

afterAll(async () => {
  await telemetry?.stop();
  await deployment?.end();
  await vendor?.close();
  await tools?.shut();
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

test("baggage goes from stage to stage, and to nobody else: no vendor, tool host, span, metric or log", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const member = "team-of-the-caller";
  const response = await fetch(`${deployment.gatewayUrls[0]}/nocp/v1/requests`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      baggage: `${member}=${secret},release=7`,
    },
    body: JSON.stringify({
      query: "What do you know?",
      // Returns what it was sent beside its arguments, so that the model's prompt holds that too.
      tools: [{ name: "host.echo", arguments: { said: "hello" } }],
      routing: { provider: "openai-compatible", model: "scripted-1" },
    }),
  });
  const { id } = (await response.json()) as { id: string };
  const result = await fetch(`${deployment.gatewayUrls[0]}/nocp/v1/requests/${id}?wait_ms=60000`);
  expect(await result.json()).toMatchObject({ status: "succeeded", result: { answer: "It is known.", traceId } });
  const spans = await spansOfAllStages(traceId);
  expect(named(spans, "execute_tool host.echo")).toHaveLength(1);
  await waitFor(() => ["/v1/metrics", "/v1/logs"].every((path) => collector.json(path).length > 0), "metrics and logs");

  const broker = await openTestBroker(deployment.natsUrl);
  const subject = `nocp.v2.response.ready.default.${id}`;
  const stored = await broker.manager.streams.getMessage("NOCP_RESULTS", { last_by_subj: subject });
  await broker.close();
  expect(stored?.header.get("baggage")).toContain(`${member}=${secret}`);

  const others = {
    vendor: sentToVendor.join("\n"),
    toolHost: JSON.stringify(tools.headers),
    telemetry: collector.received.map(({ headers, body }) => JSON.stringify(headers) + body.toString()).join("\n"),
    logs: [...deployment.output.values()].flat().join("\n"),
  };
  // The tool host was sent the trace, in what it calls meta: the prompt tells.
  expect(others.vendor).toContain(traceId);
  expect(others.telemetry).toContain(traceId);
  for (const [who, seen] of Object.entries(others)) {
    expect(seen.length, who).toBeGreaterThan(0);
    for (const word of [member, secret]) expect(seen.includes(word), `${who} knows ${word}`).toBe(false);
    if (who !== "logs") expect(/"baggage"/i.test(seen), who).toBe(false);
  }
});

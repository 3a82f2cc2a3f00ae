// Spans in protobuf, as a collector gets them.
import { startTracing } from "@nocp/runtime/telemetry/start-tracing.ts";
import { ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import { afterEach, expect, it } from "vitest";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";

const servers: HttpTestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function collector(): Promise<{ url: string; bodies: Buffer[]; types: Set<string | undefined> }> {
  const bodies: Buffer[] = [];
  const types = new Set<string | undefined>();
  const server = await startHttpTestServer(({ request, response, body }) => {
    types.add(request.headers["content-type"]);
    bodies.push(body);
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  servers.push(server);
  return { url: server.url, bodies, types };
}

const tracingTo = (otlpEndpoint: string, sampleRatio = 1) =>
  startTracing(
    { otlpEndpoint, protocol: "http/protobuf", sampleRatio, recordContent: false },
    { serviceName: "under-test", version: "0.0.0", instanceId: "1" },
  );

/** The length-delimited fields of a message of which every field is one, by number. */
function fieldsOf(message: Buffer): { number: number; value: Buffer }[] {
  const fields: { number: number; value: Buffer }[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = message[at++] ?? 0;
    expect(tag & 7).toBe(2);
    let length = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = message[at++] ?? 0;
      length |= (byte & 0x7f) << shift;
    }
    fields.push({ number: tag >> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** TracesData.resource_spans (1) → ResourceSpans.scope_spans (2) → ScopeSpans.spans (2). */
const spansOf = (body: Buffer): Buffer[] =>
  fieldsOf(body)
    .flatMap(({ value }) => fieldsOf(value).filter(({ number }) => number === 2))
    .flatMap(({ value }) => fieldsOf(value).filter(({ number }) => number === 2))
    .map(({ value }) => value);

it("sends every span once, those of several encodings in one request", async () => {
  const { url, bodies, types } = await collector();
  const tracing = await tracingTo(url);
  for (let index = 0; index < 50; index++)
    tracing.tracer.startSpan(`span-${String(index).padStart(2, "0")}.`, {}, ROOT_CONTEXT).end();
  await tracing.stop();
  expect(bodies).toHaveLength(1);
  expect([...types]).toEqual(["application/x-protobuf"]);
  const names = bodies.flatMap(spansOf).map((span) => /span-\d\d\./.exec(span.toString("latin1"))?.[0]);
  expect(names).toEqual(Array.from({ length: 50 }, (_, index) => `span-${String(index).padStart(2, "0")}.`));
});

it("sends spans without being asked, soon after they ended", async () => {
  const { url, bodies } = await collector();
  const tracing = await tracingTo(url);
  tracing.tracer.startSpan("lonely", {}, ROOT_CONTEXT).end();
  await expect.poll(() => bodies.flatMap(spansOf).length, { timeout: 5_000 }).toBe(1);
  await tracing.stop();
  expect(bodies).toHaveLength(1);
});

it("sends no span of a trace that is not sampled", async () => {
  const { url, bodies } = await collector();
  const tracing = await tracingTo(url);
  const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: TraceFlags.NONE };
  tracing.tracer.startSpan("unsampled", {}, trace.setSpanContext(ROOT_CONTEXT, parent)).end();
  await tracing.stop();
  expect(bodies).toEqual([]);
});

it("stops in peace when the collector is away", async () => {
  const tracing = await tracingTo("http://127.0.0.1:9");
  tracing.tracer.startSpan("unheard", {}, ROOT_CONTEXT).end();
  await expect(tracing.stop()).resolves.toBeUndefined();
});

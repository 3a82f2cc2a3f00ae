// An OpenTelemetry collector: takes what real processes export, over HTTP or gRPC, and keeps it.
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { startHttpTestServer } from "./http-test-server.ts";

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly string[];
}

export interface ReceivedExport {
  /** `/v1/traces`, or the method of a gRPC service. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Uncompressed; over gRPC behind a frame of five bytes. */
  readonly body: Buffer;
}

export interface OtlpCollector {
  readonly url: string;
  readonly received: readonly ReceivedExport[];
  /** What came as JSON on this path, each request's body. */
  json(path: string): OtlpJson[];
  spansOf(traceId: string): CollectedSpan[];
  close(): Promise<void>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly spanId: string }[];
}

interface OtlpLogRecord {
  readonly attributes: readonly Attribute[];
  readonly [field: string]: unknown;
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly attributes: readonly Attribute[] }[] };
}

interface OtlpResource {
  readonly resource: { readonly attributes: readonly Attribute[] };
}

/** https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/collector, as far as tests look. */
export interface OtlpJson {
  readonly resourceSpans?: readonly (OtlpResource & {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  })[];
  readonly resourceLogs?: readonly (OtlpResource & {
    readonly scopeLogs: readonly { readonly logRecords: readonly OtlpLogRecord[] }[];
  })[];
  readonly resourceMetrics?: readonly (OtlpResource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  })[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export const plainAttributes = (attributes: readonly Attribute[] = []): CollectedSpan["attributes"] =>
  Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [type, content] = Object.entries(value)[0] ?? [];
      return [key, type === "intValue" ? Number(content) : (content as string)];
    }),
  );

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const received: ReceivedExport[] = [];
  const { url, close } = await startHttpTestServer(({ request, response, body }) => {
    const { headers, url: path = "" } = request;
    received.push({ path, headers, body: headers["content-encoding"] === "gzip" ? gunzipSync(body) : body });
    const type = headers["content-type"] ?? "";
    response.writeHead(200, { "content-type": type }).end(type.includes("json") ? "{}" : "");
  });
  return { url, close, received, ...readersOf(received) };
}

/** The same over gRPC, without TLS. */
export async function startGrpcCollector(): Promise<OtlpCollector> {
  const received: ReceivedExport[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => void sessions.add(session));
  server.on("stream", async (stream, headers) => {
    // A client that hangs up while it sends is no fault.
    const body = await buffer(stream).catch(() => undefined);
    if (body === undefined) return;
    received.push({ path: String(headers[":path"]), headers, body });
    stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    // An empty message: every field of the answer has its default.
    stream.end(Buffer.alloc(5));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, "close");
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close, received, ...readersOf(received) };
}

function readersOf(received: readonly ReceivedExport[]): Pick<OtlpCollector, "json" | "spansOf"> {
  const json = (path: string): OtlpJson[] =>
    received
      .filter((entry) => entry.path === path && entry.headers["content-type"]?.includes("json"))
      .map(({ body }) => JSON.parse(body.toString()));
  return {
    json,
    spansOf: (traceId) =>
      json("/v1/traces")
        .flatMap(spansIn)
        .filter((span) => span.traceId === traceId),
  };
}

const spansIn = ({ resourceSpans = [] }: OtlpJson): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plainAttributes(resource.attributes)["service.name"]);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => collectedSpan(span, service)));
  });

const collectedSpan = (span: OtlpSpan, service: string): CollectedSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? "",
  name: span.name,
  kind: span.kind,
  startMs: Number(span.startTimeUnixNano) / 1e6,
  endMs: Number(span.endTimeUnixNano) / 1e6,
  service,
  attributes: plainAttributes(span.attributes),
  links: (span.links ?? []).map((link) => link.spanId),
});

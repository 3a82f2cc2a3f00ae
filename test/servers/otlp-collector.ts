// Takes spans as OTLP JSON over HTTP from real processes, and keeps them.
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

export interface OtlpCollector {
  readonly url: string;
  spansOf(traceId: string): CollectedSpan[];
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const plain = (attributes: readonly Attribute[] = []): CollectedSpan["attributes"] =>
  Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [type, content] = Object.entries(value)[0] ?? [];
      return [key, type === "intValue" ? Number(content) : (content as string)];
    }),
  );

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const server = await startHttpTestServer(({ response, body }) => {
    for (const resourceSpans of JSON.parse(body.toString()).resourceSpans ?? []) {
      const service = String(plain(resourceSpans.resource?.attributes)["service.name"]);
      for (const span of resourceSpans.scopeSpans.flatMap((scope: { spans: object[] }) => scope.spans)) {
        spans.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId ?? "",
          name: span.name,
          kind: span.kind,
          startMs: Number(span.startTimeUnixNano) / 1e6,
          endMs: Number(span.endTimeUnixNano) / 1e6,
          service,
          attributes: plain(span.attributes),
          links: (span.links ?? []).map((link: { spanId: string }) => link.spanId),
        });
      }
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  return { url: server.url, spansOf: (traceId) => spans.filter((span) => span.traceId === traceId), close: server.close };
}

// Hands spans to a collector as the SDK's batching does, but keeps them as bytes meanwhile.
//
// A span object with its attributes is some 3 kB in a dozen objects. Held until its batch is full it outlives the young
// generation, so that a busy service spends more on collecting spans than on making them. Encoded after a few
// milliseconds it dies young, and what waits is some 600 bytes. Encodings can be joined, since in protobuf a repeated
// field may come in parts: https://protobuf.dev/programming-guides/encoding/#last-one-wins
import { TraceFlags } from "@opentelemetry/api";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import { type ISerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";

export interface EarlyEncodingOptions {
  /** Where traces go, path included. */
  readonly url: string;
  readonly timeoutMs: number;
}

const spansEncodedAtOnce = 16;
const sendAtBytes = 256 * 1024;
const sendAfterMs = 500;

type ResponseOf<S> = S extends ISerializer<unknown, infer Response> ? Response : never;

const joined: ISerializer<readonly Uint8Array[], ResponseOf<typeof ProtobufTraceSerializer>> = {
  serializeRequest: (parts) => Buffer.concat(parts),
  deserializeResponse: (data) => ProtobufTraceSerializer.deserializeResponse(data),
};

/** OTLP over HTTP in protobuf. Headers, compression and retries are the exporter's: `OTEL_EXPORTER_OTLP_*` hold. */
export function createEarlyEncodingProcessor({ url, timeoutMs }: EarlyEncodingOptions): SpanProcessor {
  const connection = convertLegacyHttpOptions({ url, timeoutMillis: timeoutMs }, "TRACES", "v1/traces", {
    "Content-Type": "application/x-protobuf",
  });
  const counted = { name: "span" as const, countItems: (parts: readonly Uint8Array[]) => parts.length };
  const exporter = new OTLPExporterBase(
    createOtlpHttpExportDelegate(connection, joined, "otlp_http_span_exporter", counted, undefined),
  );
  let ended: ReadableSpan[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const encode = () => {
    const part = ended.length > 0 ? ProtobufTraceSerializer.serializeRequest(ended) : undefined;
    ended = [];
    if (!part) return;
    parts.push(part);
    bytes += part.byteLength;
  };
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    encode();
    const batch = parts;
    parts = [];
    bytes = 0;
    // What a collector that is away does not take is lost: the exporter has tried again for `timeoutMs`.
    if (batch.length > 0) exporter.export(batch, () => {});
  };

  return {
    onStart() {},
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      ended.push(span);
      if (ended.length >= spansEncodedAtOnce) encode();
      if (bytes >= sendAtBytes) send();
      else timer ??= setTimeout(send, sendAfterMs).unref();
    },
    async forceFlush() {
      send();
      await exporter.forceFlush();
    },
    async shutdown() {
      send();
      await exporter.shutdown();
    },
  };
}

// Tracing: spans to an OTLP endpoint when one is set; nothing is loaded and nothing is spent otherwise.

import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { Tracer } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { telemetrySection } from "../config/sections.ts";
import { createUnrecordedTracer } from "./unrecorded-tracer.ts";

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left; never rejects: a collector that is away must not hold up a shutdown. */
  stop(): Promise<void>;
}

/** Attributes of the process: https://opentelemetry.io/docs/specs/semconv/resource/ */
export interface TracingIdentity {
  readonly serviceName: string;
  readonly version: string;
  readonly instanceId: string;
}

const exportTimeoutMs = 5_000;
const maxQueuedSpans = 20_000;

export async function startTracing(
  settings: SectionValues<typeof telemetrySection>,
  identity: TracingIdentity,
): Promise<Tracing> {
  if (settings.otlpEndpoint === "") return { tracer: createUnrecordedTracer(), stop: async () => {} };
  const [{ context }, sdk, { resourceFromAttributes }, spanProcessor, { AsyncLocalStorageContextManager }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    settings.protocol === "http/json" ? jsonProcessor(settings.otlpEndpoint) : protobufProcessor(settings.otlpEndpoint),
    import("@opentelemetry/context-async-hooks"),
  ]);
  const contextManager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contextManager);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      "service.namespace": "nocp",
      "service.name": identity.serviceName,
      "service.version": identity.version,
      "service.instance.id": identity.instanceId,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.sampleRatio) }),
    spanProcessors: [spanProcessor],
  });
  return {
    tracer: provider.getTracer("nocp", identity.version),
    stop: async () => {
      await provider.shutdown().catch(() => {});
      context.disable();
    },
  };
}

/** The endpoint is the collector's base, as OTEL_EXPORTER_OTLP_ENDPOINT defines it. */
const tracesUrl = (endpoint: string): string =>
  endpoint.endsWith("/v1/traces") ? endpoint : `${endpoint.replace(/\/$/, "")}/v1/traces`;

async function protobufProcessor(endpoint: string): Promise<SpanProcessor> {
  const { createEarlyEncodingProcessor } = await import("./early-encoding-processor.ts");
  return createEarlyEncodingProcessor({ url: tracesUrl(endpoint), timeoutMs: exportTimeoutMs });
}

async function jsonProcessor(endpoint: string): Promise<SpanProcessor> {
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: exportTimeoutMs }),
    maxQueueSize: maxQueuedSpans,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 500,
  });
}

// Traces, metrics and logs by OTLP, with OpenTelemetry's SDK for Node. Where nothing is configured, nothing of it is loaded.
import { propagation, type Tracer, trace } from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import type { Registry } from "prom-client";
import { namesResourceDetectors, prepareOtelEnvironment } from "../config/otel-environment.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";
import { isExported, type Signal, signals, type TelemetrySettings, takesTracesAlone } from "./telemetry-signals.ts";
import { createUnrecordedTracer } from "./unrecorded-tracer.ts";

export interface Telemetry {
  readonly tracer: Tracer;
  /** Exports what a registry holds, as metrics of the same names; call it once all are registered. */
  exportMetrics(registry: Registry): void;
  /** Sends what is left; never rejects: a collector that is away must not hold up a shutdown. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 5_000;

/** Where the environment says nothing. The SDK's queue of 2,048 spans is full after a second of load. */
const defaultVariables = {
  OTEL_BSP_SCHEDULE_DELAY: "500",
  OTEL_BSP_MAX_QUEUE_SIZE: "20000",
  OTEL_BLRP_SCHEDULE_DELAY: "500",
  OTEL_EXPORTER_OTLP_TIMEOUT: String(stopTimeoutMs),
} as const;

/** @throws NocpError INVALID_CONFIGURATION when the SDK refuses its settings. */
export async function startTelemetry({
  settings,
  identity,
  onProblem,
  only = signals,
  dotenv,
}: TelemetryOptions): Promise<Telemetry> {
  const exported = only.filter((signal) => isExported(settings, signal));
  if (exported.length === 0) {
    passTracesOn();
    return { tracer: createUnrecordedTracer(), exportMetrics() {}, async stop() {} };
  }
  prepareOtelEnvironment(
    variablesOf(settings, exported),
    {
      ...defaultVariables,
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: String(settings.sampleRatio),
    },
    dotenv,
  );
  const [{ startSdk }, { exportRegistry }] = await Promise.all([import("./start-sdk.ts"), import("./export-registry.ts")]);
  const sdk = startSdk({ exported, identity, onProblem, detectsByName: namesResourceDetectors() });
  const traced = exported.includes("traces");
  return {
    tracer: traced ? trace.getTracer("nocp", identity.version) : createUnrecordedTracer(),
    exportMetrics: (registry) => {
      if (exported.includes("metrics")) exportRegistry(registry, identity.version);
    },
    stop: () => sdk.stop(stopTimeoutMs),
  };
}

/** Without the SDK: a trace and its baggage go from message to message, though nobody records them. */
export function passTracesOn(): void {
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
}

/** The settings that also have a name of NOCP's own, or a place in nocp.config.yaml. */
function variablesOf(settings: TelemetrySettings, exported: readonly Signal[]): Record<string, string> {
  const { otlpEndpoint } = settings;
  const variables: Record<string, string> = { OTEL_EXPORTER_OTLP_PROTOCOL: settings.protocol };
  if (takesTracesAlone(otlpEndpoint)) variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = otlpEndpoint;
  else if (otlpEndpoint !== "") variables.OTEL_EXPORTER_OTLP_ENDPOINT = otlpEndpoint;
  for (const signal of signals) {
    const name = signal.toUpperCase();
    const endpoint = settings[`${signal}Endpoint`];
    if (endpoint !== "") variables[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`] = endpoint;
    variables[`OTEL_${name}_EXPORTER`] = exported.includes(signal) ? settings[`${signal}Exporter`] || "otlp" : "none";
  }
  return variables;
}

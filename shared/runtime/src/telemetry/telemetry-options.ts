// What starting the telemetry of a process takes.
import type { Signal, TelemetrySettings } from "./telemetry-signals.ts";

/** Attributes of the process: https://opentelemetry.io/docs/specs/semconv/resource/ */
export interface TelemetryIdentity {
  readonly serviceName: string;
  readonly version: string;
  readonly instanceId: string;
}

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly identity: TelemetryIdentity;
  /** Called for every batch that was not exported, and for every setting that OpenTelemetry does not understand. */
  readonly onProblem: (reason: string) => void;
  /** What this process has to export; all three unless given. */
  readonly only?: readonly Signal[];
  /** Path of a file with OTEL_* variables. */
  readonly dotenv?: string | undefined;
}

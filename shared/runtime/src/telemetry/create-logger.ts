// Structured logs on standard output. Never content: what is logged is chosen field by field, and keys are redacted.
import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import { type DestinationStream, type Logger, pino } from "pino";
import { exportLogLine } from "./export-log-line.ts";

/** @param exportLines hand each line to OpenTelemetry too. */
export function createLogger(level: string, service: string, exportLines = false): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceFields,
      redact: {
        paths: ["*.apiKey", "*.password", "*.token", "*.authorization", "apiKey", "password", "token"],
        censor: "[redacted]",
      },
    },
    exportLines ? alsoExported(pino.destination(1)) : pino.destination(1),
  );
}

/** The names that OpenTelemetry gives them in JSON: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/ */
function traceFields(): { trace_id?: string; span_id?: string } {
  const active = trace.getSpanContext(context.active());
  return active && isSpanContextValid(active) ? { trace_id: active.traceId, span_id: active.spanId } : {};
}

/** Lines are taken as they were written: what is redacted there is redacted everywhere. */
const alsoExported = (destination: DestinationStream): DestinationStream => ({
  write(line) {
    destination.write(line);
    exportLogLine(line);
  },
});

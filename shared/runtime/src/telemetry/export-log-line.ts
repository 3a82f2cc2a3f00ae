// A line of the log as a log record of OpenTelemetry. The SDK adds the trace that the line belongs to.
import { type AnyValue, logs, SeverityNumber } from "@opentelemetry/api";

/** pino's levels; https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severities: Readonly<Record<number, readonly [SeverityNumber, string]>> = {
  10: [SeverityNumber.TRACE, "TRACE"],
  20: [SeverityNumber.DEBUG, "DEBUG"],
  30: [SeverityNumber.INFO, "INFO"],
  40: [SeverityNumber.WARN, "WARN"],
  50: [SeverityNumber.ERROR, "ERROR"],
  60: [SeverityNumber.FATAL, "FATAL"],
};

interface LogLine {
  readonly level: number;
  readonly time: string;
  readonly msg?: string;
  readonly service: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly [field: string]: AnyValue;
}

/** @param line JSON as pino writes it. Before the SDK runs, and where it exports no logs, nothing happens. */
export function exportLogLine(line: string): void {
  // The resource names the service, and the record itself the trace.
  const { level, time, msg, service: _service, trace_id: _trace, span_id: _span, ...attributes } = JSON.parse(line) as LogLine;
  const [severityNumber, severityText] = severities[level] ?? [SeverityNumber.UNSPECIFIED, String(level)];
  logs.getLogger("nocp").emit({ timestamp: Date.parse(time), severityNumber, severityText, body: msg ?? "", attributes });
}

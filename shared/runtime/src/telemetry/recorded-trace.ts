// Which trace a measurement belongs to, where somebody records it: an exemplar that leads nowhere is worse than none.
import { type Span, TraceFlags, trace } from "@opentelemetry/api";

/** @param span the active one when absent. @returns `undefined` when nobody records the trace. */
export function recordedTraceId(span: Span | undefined = trace.getActiveSpan()): string | undefined {
  const context = span?.spanContext();
  return context && (context.traceFlags & TraceFlags.SAMPLED) !== 0 ? context.traceId : undefined;
}

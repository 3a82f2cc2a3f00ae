// A tracer that records nothing and still gives every request a trace id, for logs and results to be matched by.
import { randomBytes } from "node:crypto";
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";

/**
 * A span continues the trace of its context; without one it begins a trace of its own, marked as not sampled, so
 * that a service that does record later on the way does not look for parents that nobody has sent.
 */
export function createUnrecordedTracer(): Tracer {
  const startSpan = (_name: string, _options?: SpanOptions, parent: Context = context.active()): Span => {
    const continued = trace.getSpanContext(parent);
    if (continued && isSpanContextValid(continued)) return trace.wrapSpanContext(continued);
    return trace.wrapSpanContext({
      traceId: randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      traceFlags: TraceFlags.NONE,
    });
  };
  return {
    startSpan,
    startActiveSpan: () => {
      throw new Error("NOCP starts its spans with startSpan");
    },
  };
}

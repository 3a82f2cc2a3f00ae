// A tracer that records nothing and still gives every request a trace id, for logs and results to be matched by.
import { randomFillSync } from "node:crypto";
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanContext,
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
  const newId = createIds();
  const startSpan = (_name: string, _options?: SpanOptions, parent: Context = context.active()): Span => {
    const continued = trace.getSpan(parent);
    // One stands for all of its trace: there is nothing of a single span to be told apart.
    if (continued instanceof UnrecordedSpan) return continued;
    const spanContext = continued?.spanContext();
    if (spanContext && isSpanContextValid(spanContext)) return new UnrecordedSpan(spanContext);
    return new UnrecordedSpan({ traceId: newId(16), spanId: newId(8), traceFlags: TraceFlags.NONE });
  };
  return {
    startSpan,
    startActiveSpan: () => {
      throw new Error("NOCP starts its spans with startSpan");
    },
  };
}

/** Has a context, which is valid, and ignores everything. */
class UnrecordedSpan implements Span {
  readonly #context: SpanContext;

  constructor(spanContext: SpanContext) {
    this.#context = spanContext;
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {}

  recordException(): void {}
}

/** Asking the system for random bytes takes longer than everything else of a span: many are fetched at once. */
const fetchedBytes = 4_096;

/** @returns what makes ids of a number of bytes, in hexadecimal digits. */
function createIds(): (bytes: number) => string {
  const random = Buffer.alloc(fetchedBytes);
  let used = fetchedBytes;
  return (bytes) => {
    if (used + bytes > fetchedBytes) {
      randomFillSync(random);
      used = 0;
    }
    const id = random.toString("hex", used, used + bytes);
    used += bytes;
    return id;
  };
}

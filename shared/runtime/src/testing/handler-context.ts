// What a handler is given, for tests of handlers without a broker.
import { type Span, trace } from "@opentelemetry/api";
import { pino } from "pino";
import type { HandlerContext } from "../stage/handler.ts";

type AttributeValue = Parameters<Span["setAttribute"]>[1];

/** A span that a handler opened, and what it wrote on it. */
export interface RecordedSpan {
  readonly name: string;
  readonly attributes: Record<string, AttributeValue>;
  readonly kind: "internal" | "client";
  /** What the work in it threw. */
  thrown?: unknown;
  /** The message of an error status. */
  errorStatus?: string;
}

export interface TestContext extends HandlerContext {
  readonly spans: readonly RecordedSpan[];
  readonly deltas: readonly { readonly text: string; readonly done: boolean }[];
}

const timeoutMs = 60_000;

/** A context that records spans and deltas, logs nothing, and gives the handler a minute unless told otherwise. */
export function createTestContext(overrides: Partial<HandlerContext> = {}): TestContext {
  const now = overrides.now ?? Date.now;
  const startedAt = now();
  const spans: RecordedSpan[] = [];
  const deltas: { text: string; done: boolean }[] = [];
  return {
    tenant: "default",
    requestId: "01890a5d-ac96-774b-bcce-b302099a8057",
    lane: "interactive",
    stage: "act",
    attempt: 1,
    mayBeRepeated: false,
    lostStarts: 0,
    isStored: async () => false,
    submittedAt: startedAt,
    deadlineAt: startedAt + timeoutMs,
    signal: new AbortController().signal,
    logger: pino({ level: "silent" }),
    queueWaitMs: 0,
    traceId: null,
    now,
    elapsedMs: () => now() - startedAt,
    span: async (name, attributes, work, options = {}) => {
      const recorded: RecordedSpan = {
        name,
        attributes: { ...(typeof attributes === "function" ? attributes() : attributes) },
        kind: options.kind ?? "internal",
      };
      spans.push(recorded);
      try {
        return await work(recordingSpan(recorded));
      } catch (error) {
        recorded.thrown = error;
        throw error;
      }
    },
    delta: (text, done = false) => {
      deltas.push({ text, done });
    },
    reasoning: () => undefined,
    toolCall: () => undefined,
    restartAnswer: () => {
      deltas.length = 0;
    },
    sinceOutageMs: () => Number.POSITIVE_INFINITY,
    recordCall: () => undefined,
    recordProviderWait: () => undefined,
    recordRoute: () => undefined,
    ...overrides,
    spans,
    deltas,
  };
}

/** A span that goes nowhere and keeps its attributes. */
function recordingSpan(recorded: RecordedSpan): Span {
  const span: Span = Object.create(trace.getTracer("test").startSpan(recorded.name));
  span.isRecording = () => true;
  span.setAttribute = (key, value) => {
    recorded.attributes[key] = value;
    return span;
  };
  span.setAttributes = (attributes) => {
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) recorded.attributes[key] = value;
    return span;
  };
  span.setStatus = ({ message }) => {
    if (message !== undefined) recorded.errorStatus = message;
    return span;
  };
  return span;
}

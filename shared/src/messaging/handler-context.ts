// What a handler is given beside its message.

import type { NatsConnection } from "@nats-io/nats-core";
import {
  type Attributes,
  context as activeContext,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Logger } from "pino";
import { deltaSubject, type Lane, type Stage } from "../contracts/topology.ts";
import { NocpError } from "../errors/nocp-error.ts";
import { maxPayloadOf } from "./claim-check.ts";
import type { Decoded } from "./decode-message.ts";
import type { HandlerContext } from "./handler.ts";
import type { Interruption } from "./interruption.ts";
import { traceIdOf } from "./message-headers.ts";
import type { StageAttempt } from "./stage-attempt.ts";
import { startSpan } from "./start-span.ts";
import type { IsStored } from "./stored-facts.ts";

export interface ContextDependencies {
  readonly connection: NatsConnection;
  readonly isStored: IsStored;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The functions are fields, so that a handler may take them out; the signal is made for who asks for it. */
class StageHandlerContext implements HandlerContext {
  readonly requestId: string;
  readonly lane: Lane;
  readonly stage: Stage;
  readonly attempt: number;
  readonly mayBeRepeated: boolean;
  readonly submittedAt: number;
  readonly deadlineAt: number;
  readonly logger: Logger;
  readonly queueWaitMs: number;
  readonly traceId: string | null;
  readonly now: () => number;
  readonly recordCall: HandlerContext["recordCall"];
  readonly elapsedMs: () => number;
  readonly isStored: HandlerContext["isStored"];
  readonly span: HandlerContext["span"];
  readonly delta: HandlerContext["delta"];
  readonly #interruption: Interruption;

  constructor(
    attempt: StageAttempt,
    decoded: Decoded,
    { connection, tracer, logger, now, isStored }: ContextDependencies,
    recordCall: HandlerContext["recordCall"],
  ) {
    this.requestId = decoded.requestId;
    this.lane = decoded.lane;
    this.stage = attempt.stage;
    this.attempt = attempt.start.attempt;
    this.mayBeRepeated = attempt.mayBeRepeated;
    this.submittedAt = decoded.submittedAt;
    this.deadlineAt = decoded.deadlineAt;
    this.logger = logger;
    this.queueWaitMs = attempt.queueWaitMs;
    this.traceId = traceIdOf(attempt.traceContext);
    this.now = now;
    this.recordCall = recordCall;
    this.elapsedMs = () => now() - attempt.startedAt;
    this.isStored = (fact) => isStored(fact, decoded.lane, decoded.requestId);
    this.span = (name, attributes, work, options = {}) =>
      runInSpan(tracer, attempt.traceContext, name, attributes, work, options.kind ?? "internal");
    this.delta = deltaPublisher(connection, decoded.requestId, attempt.start.attempt);
    this.#interruption = attempt.interruption;
  }

  get signal(): AbortSignal {
    return this.#interruption.signal;
  }
}

export const createHandlerContext = (
  attempt: StageAttempt,
  decoded: Decoded,
  dependencies: ContextDependencies,
  recordCall: HandlerContext["recordCall"],
): HandlerContext => new StageHandlerContext(attempt, decoded, dependencies, recordCall);

async function runInSpan<T>(
  tracer: Tracer,
  attemptContext: Context,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  kind: "internal" | "client",
): Promise<T> {
  // Nested spans find their parent in the active context; without a tracer there is none, and no cost.
  const active = activeContext.active();
  const parent = trace.getSpan(active) ? active : attemptContext;
  const span = startSpan(tracer, name, { kind: kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL }, attributes, parent);
  try {
    return await activeContext.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    const type = error instanceof NocpError ? error.code : error instanceof Error ? error.name : "unknown";
    span.setAttribute("error.type", type);
    span.setStatus({ code: SpanStatusCode.ERROR, message: type });
    throw error;
  } finally {
    span.end();
  }
}

function deltaPublisher(connection: NatsConnection, requestId: string, attempt: number): HandlerContext["delta"] {
  let sequence = 0;
  return (text, done = false) => {
    if (connection.isClosed()) return;
    const pieces = piecesOf(text, maxPayloadOf(connection));
    for (const [index, piece] of pieces.entries()) {
      const isLast = index === pieces.length - 1;
      const delta = { requestId, attempt, sequence: sequence++, text: piece, done: done && isLast };
      connection.publish(deltaSubject(requestId), JSON.stringify(delta));
    }
  };
}

/** Of a delta's JSON, what is not its text. */
const DELTA_FRAME_BYTES = 512;
/** The most that JSON makes of one UTF-16 code unit: `\u0000`. */
const MOST_BYTES_PER_UNIT = 6;

/** A text in pieces whose deltas the server takes; nearly always the text itself. */
function piecesOf(text: string, maxPayload: number): string[] {
  const units = Math.max(2, Math.floor((maxPayload - DELTA_FRAME_BYTES) / MOST_BYTES_PER_UNIT));
  if (text.length <= units) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + units, text.length);
    if (end < text.length && isFirstOfPair(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

const isFirstOfPair = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

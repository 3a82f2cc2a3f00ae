// What a handler is given beside its message.

import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { Delta } from "@nocp/contracts/delta.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Route } from "@nocp/contracts/route.ts";
import { context as activeContext, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { Logger } from "pino";
import { startSpan } from "../telemetry/start-span.ts";
import type { Decoded } from "./decode-message.ts";
import type { HandlerContext } from "./handler.ts";
import { traceIdOf } from "./message-headers.ts";
import type { StageAttempt } from "./stage-attempt.ts";
import type { StageTransport } from "./transport.ts";

export interface ContextDependencies {
  readonly transport: StageTransport;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly now: () => number;
}

/** What a handler says of its work before it ends: an abort loses none of it. */
export interface HandlerRecord {
  readonly calls: ProviderAttempt[];
  route?: Route;
}

export function createHandlerContext(
  attempt: StageAttempt,
  decoded: Decoded,
  dependencies: ContextDependencies,
  record: HandlerRecord,
): HandlerContext {
  const { transport, tracer, logger, now } = dependencies;
  let sequence = 0;
  let answer = 1;
  /** A first piece here is not the first that the reader gets. */
  const isContinued = attempt.number > 1 || ("step" in decoded.message.body && decoded.message.body.step > 0);
  const send = (said: Pick<Delta, "text" | "reasoning" | "toolCall" | "done">): void => {
    const restart = sequence === 0 && (isContinued || answer > 1);
    const { requestId } = decoded;
    transport.sendDelta(decoded, { requestId, attempt: attempt.number, answer, sequence: sequence++, ...said, restart });
  };
  return {
    tenant: decoded.tenant,
    requestId: decoded.requestId,
    lane: decoded.lane,
    stage: attempt.stage,
    attempt: attempt.number,
    submittedAt: decoded.submittedAt,
    deadlineAt: decoded.deadlineAt,
    mayBeRepeated: attempt.mayBeRepeated,
    lostStarts: attempt.lostStarts,
    sinceOutageMs: attempt.sinceOutageMs,
    signal: attempt.controller.signal,
    isStored: (fact) => transport.isStored(fact, decoded),
    logger,
    queueWaitMs: attempt.queueWaitMs,
    traceId: traceIdOf(attempt.traceContext),
    now,
    recordCall: (call) => void record.calls.push(call),
    recordProviderWait(waitedMs) {
      attempt.pausedMs += waitedMs;
    },
    recordRoute(route) {
      record.route = route;
    },
    elapsedMs: () => now() - attempt.startedAt,
    async span(name, attributes, work, options = {}) {
      // Nested spans find their parent in the active context; without a tracer there is none, and no cost.
      const parent = trace.getSpan(activeContext.active()) ? activeContext.active() : attempt.traceContext;
      const kind = options.kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const span = startSpan(tracer, name, { kind }, typeof attributes === "function" ? attributes : () => attributes, parent);
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
    },
    delta(text, done = false) {
      const pieces = piecesOf(text, transport.maxSendBytes());
      for (const [index, piece] of pieces.entries()) send({ text: piece, done: done && index === pieces.length - 1 });
    },
    reasoning({ text, data, ...place }) {
      const maxBytes = transport.maxSendBytes();
      if (text !== "" || data === undefined)
        for (const piece of piecesOf(text, maxBytes)) send({ text: "", reasoning: { ...place, text: piece }, done: false });
      if (data === undefined) return;
      const isTooLarge = jsonBytes(data) > maxBytes - deltaFrameBytes;
      if (!isTooLarge || sequence === 0)
        send({ text: "", reasoning: { ...place, text: "", ...(isTooLarge ? {} : { data }) }, done: false });
      // A reader that misses a number takes the rest from the result.
      if (isTooLarge) sequence += 1;
    },
    toolCall({ text, done, ...place }) {
      const pieces = piecesOf(text, transport.maxSendBytes() - jsonBytes(place));
      for (const [index, piece] of pieces.entries()) {
        const isLast = done && index === pieces.length - 1;
        send({ text: "", toolCall: { ...place, text: piece, ...(isLast ? { done } : {}) }, done: false });
      }
    },
    restartAnswer() {
      if (sequence === 0) return;
      sequence = 0;
      answer += 1;
    },
  };
}

/** Of a delta's JSON, what is not its text, nor an item's data. */
const deltaFrameBytes = 1_024;
const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** The most that JSON makes of one UTF-16 code unit: `\u0000`. */
const mostBytesPerUnit = 6;

/** A text in pieces whose deltas the server takes; nearly always the text itself. */
function piecesOf(text: string, maxPayload: number): string[] {
  const units = Math.max(2, Math.floor((maxPayload - deltaFrameBytes) / mostBytesPerUnit));
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

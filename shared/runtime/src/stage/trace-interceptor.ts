// One CONSUMER span around every attempt, child of the span that published the message and linked to it.
//
// Messaging conventions: https://github.com/open-telemetry/semantic-conventions/blob/main/docs/messaging/messaging-spans.md
// A message is processed one at a time, so the creation context may be the parent: a request is one trace.

import { subjectPrefix } from "@nocp/contracts/topology.ts";
import { context as activeContext, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { startSpan } from "../telemetry/start-span.ts";
import { contextOfHeaders } from "./message-headers.ts";
import { failureCodeOf } from "./settlement.ts";
import type { Interceptor } from "./stage-attempt.ts";

/** The subject without lane and request id, so that span names stay few. */
export const destinationTemplate = (fact: string): string => `${subjectPrefix}.${fact}`;

/**
 * @param now the clock that `startedAt` was read from, in epoch milliseconds. A span that was given its start ends by the
 * system's clock in whole milliseconds otherwise, which can be before its start.
 */
export function createTraceInterceptor(tracer: Tracer, now: () => number): Interceptor {
  return async (attempt, next) => {
    const { addressed, delivery } = attempt;
    const { handover } = delivery.message;
    const parent = handover?.traceContext ?? contextOfHeaders(delivery.message.headers);
    const published = trace.getSpanContext(parent);
    const destination = destinationTemplate(addressed.fact);
    const span = startSpan(
      tracer,
      `process ${destination}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: attempt.startedAt,
        ...(published ? { links: [{ context: published }] } : {}),
      },
      () => ({
        "messaging.system": handover ? "nocp" : "nats",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": delivery.message.subject,
        "messaging.destination.template": destination,
        "messaging.consumer.group.name": delivery.durable,
        "messaging.message.id": addressed.messageId,
        ...(handover ? {} : { "messaging.message.body.size": delivery.message.bodyBytes }),
        "nocp.request.id": addressed.requestId,
        "nocp.stage": attempt.stage,
        "nocp.lane": delivery.lane,
        "nocp.queue.wait_ms": Math.round(attempt.queueWaitMs * 1000) / 1000,
        "nocp.delivery.count": delivery.message.deliveryCount,
        "nocp.stream.sequence": delivery.message.streamSequence,
      }),
      parent,
    );
    attempt.span = span;
    attempt.traceContext = trace.setSpan(parent, span);
    try {
      const settlement = await activeContext.with(attempt.traceContext, next, undefined, attempt);
      span.setAttribute("nocp.attempt", attempt.number);
      span.setAttribute("nocp.settlement", settlement.kind);
      const code = failureCodeOf(settlement);
      if (code !== null) {
        span.setAttribute("error.type", code);
        span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      }
      return settlement;
    } finally {
      span.end(now());
    }
  };
}

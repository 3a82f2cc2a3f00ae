// The PRODUCER span around the publishing of one message.
import { type Attributes, type Context, type Span, SpanKind, type Tracer } from "@opentelemetry/api";
import { startSpan } from "./start-span.ts";

export interface PublishedMessage {
  readonly subject: string;
  readonly messageId: string;
  readonly body: Uint8Array;
}

/** @param template the subject without lane and request id, so that span names stay few. */
export const startPublishSpan = (
  tracer: Tracer,
  template: string,
  message: PublishedMessage,
  parent: Context,
  more: Attributes = {},
): Span =>
  startSpan(
    tracer,
    `publish ${template}`,
    { kind: SpanKind.PRODUCER },
    () => ({
      "messaging.system": "nats",
      "messaging.operation.name": "publish",
      "messaging.operation.type": "send",
      "messaging.destination.name": message.subject,
      "messaging.destination.template": template,
      "messaging.message.id": message.messageId,
      "messaging.message.body.size": message.body.byteLength,
      ...more,
    }),
    parent,
  );

// Names of the headers NOCP puts on messages, and the trace context among them.

import { headers as createHeaders, type MsgHdrs } from "@nats-io/nats-core";
import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";

/** JetStream's own: what the duplicate window compares. */
export const messageIdHeader = "Nats-Msg-Id";
/** JetStream's own: store the message only if its subject's last one has this sequence; 0 for none. */
export const expectedLastSubjectSequenceHeader = "Nats-Expected-Last-Subject-Sequence";
/** Where a large body is kept instead of travelling: `<bucket>/<name>` (M8). */
export const claimHeader = "Nocp-Claim";
export const claimDigestHeader = "Nocp-Claim-Sha256";
export const claimSizeHeader = "Nocp-Claim-Size";
/** A later deadline than the body says, milliseconds since the epoch: set when a dead letter is sent again. */
export const deadlineHeader = "Nocp-Deadline-At";

const propagator = new W3CTraceContextPropagator();
const setter: TextMapSetter<MsgHdrs> = { set: (carrier, key, value) => carrier.set(key, value) };
const getter: TextMapGetter<MsgHdrs> = {
  get: (carrier, key) => carrier.get(key) || undefined,
  keys: (carrier) => carrier.keys(),
};

/** Empty headers. */
export const newHeaders = (): MsgHdrs => createHeaders();

/** New headers that carry the span of `context`. Without a tracer the incoming trace is passed on unchanged. */
export function headersWithTrace(context: Context): MsgHdrs {
  const carrier = createHeaders();
  propagator.inject(context, carrier, setter);
  return carrier;
}

/** The context a message was published in; the root context when it carries none. */
export const contextOfHeaders = (carrier: MsgHdrs | undefined): Context =>
  carrier ? propagator.extract(ROOT_CONTEXT, carrier, getter) : ROOT_CONTEXT;

/** The trace a request belongs to; `null` when nobody records or passes on one. */
export function traceIdOf(context: Context): string | null {
  const spanContext = trace.getSpanContext(context);
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : null;
}

// The headers of a message that a stage reads, and the trace context among them.
import { type Context, isSpanContextValid, propagation, ROOT_CONTEXT, type TextMapGetter, trace } from "@opentelemetry/api";

export interface MessageHeaders {
  /** Empty when there is no such header. */
  get(name: string): string;
  set(name: string, value: string): void;
  keys(): string[];
}

/** JetStream's own: what the duplicate window compares. */
export const messageIdHeader = "Nats-Msg-Id";
/** A later deadline than the body says, milliseconds since the epoch: set when a dead letter is sent again. */
export const deadlineHeader = "Nocp-Deadline-At";

/**
 * Set when the message may be a copy of one that was handled already: whoever made it was, or may have been, handed its own
 * input before. The broker tells copies by their ids only as long as it remembers those, and a restart makes it forget the
 * ids of consumed messages (M2).
 */
export const mayRepeatHeader = "Nocp-May-Repeat";

const getter: TextMapGetter<MessageHeaders> = {
  get: (carrier, key) => carrier.get(key) || undefined,
  keys: (carrier) => carrier.keys(),
};

/** The context a message was published in; the root context when it carries none. */
export const contextOfHeaders = (carrier: MessageHeaders | undefined): Context =>
  carrier ? propagation.extract(ROOT_CONTEXT, carrier, getter) : ROOT_CONTEXT;

/** The trace a request belongs to; `null` when nobody records or passes on one. */
export function traceIdOf(context: Context): string | null {
  const spanContext = trace.getSpanContext(context);
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : null;
}

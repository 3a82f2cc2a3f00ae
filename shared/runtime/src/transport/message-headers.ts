// Headers that the transport writes and reads itself.
import { headers, type MsgHdrs } from "@nats-io/nats-core";
import { type Context, propagation, type TextMapSetter } from "@opentelemetry/api";
import type { MessageHeaders } from "../stage/message-headers.ts";

/** JetStream's own: store the message only if its subject's last one has this sequence; 0 for none. */
export const expectedLastSubjectSequenceHeader = "Nats-Expected-Last-Subject-Sequence";
/** Where a large body is kept instead of travelling: `<bucket>/<owner>.<name>` (M8). */
export const claimHeader = "Nocp-Claim";
export const claimPartsHeader = "Nocp-Claim-Parts";
export const claimDigestHeader = "Nocp-Claim-Sha256";
export const claimSizeHeader = "Nocp-Claim-Size";

/** Empty headers. */
export const newHeaders = (): MsgHdrs => headers();

const setter: TextMapSetter<MessageHeaders> = { set: (carrier, key, value) => carrier.set(key, value) };

/** Adds the span of `context`, as the process's propagator writes it (OTEL_PROPAGATORS). */
export const addTrace = (carrier: MessageHeaders, context: Context): void => propagation.inject(context, carrier, setter);

// A message as NATS handed it out: its place in the stream, and the ack frames that settle it.
import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/nats-core";
import { parseFactSubject } from "@nocp/contracts/topology.ts";
import type { DeliveredMessage } from "../stage/transport.ts";
import type { ClaimCheck } from "./claim-check.ts";
import { claimHeader } from "./message-headers.ts";
import type { Outbox } from "./outbox.ts";
import { originalOf } from "./passing-copy.ts";
import type { ServerCapabilities } from "./server-capabilities.ts";

/** What a message needs to be settled; a broker is one. */
export interface SettlingResources {
  readonly connection: NatsConnection;
  readonly outbox: Outbox;
  readonly inboxPrefix: string;
  readonly claims: Pick<ClaimCheck, "claimedBytes" | "redeem" | "discard">;
  readonly capabilities: Pick<ServerCapabilities, "termReason">;
}

/** Ack frames of JetStream: https://docs.nats.io/reference/reference-protocols/nats_api_reference */
type AckFrame = "+ACK" | "-NAK" | "+WPI" | `-NAK {"delay":${number}}` | "+TERM" | `+TERM ${string}`;

const confirmTimeoutMs = 5_000;

interface AckSubject {
  readonly deliveryCount: number;
  readonly streamSequence: number;
  readonly handoutSequence: number;
  readonly storedAtNs: number;
}

/**
 * Takes apart `$JS.ACK.<stream>.<durable>.<deliveries>.<stream seq>.<consumer seq>.<timestamp>.<pending>`; servers with
 * domains put `<domain>.<account hash>` after `ACK` and may append a token.
 * @returns `undefined` for anything else.
 */
export function parseAckSubject(subject: string): AckSubject | undefined {
  const tokens = subject.split(".");
  if (tokens[0] !== "$JS" || tokens[1] !== "ACK" || tokens.length < 9) return undefined;
  const offset = tokens.length === 9 ? 4 : 6;
  const [deliveryCount, streamSequence, handoutSequence, storedAtNs] = tokens.slice(offset).map(Number);
  if (!deliveryCount || !streamSequence || !handoutSequence || !storedAtNs) return undefined;
  return { deliveryCount, streamSequence, handoutSequence, storedAtNs };
}

/** A class, because there is one for each message. */
export class BrokerMessage implements DeliveredMessage {
  readonly subject: string;
  /** What travelled: empty where the body is kept by claim check. */
  readonly payload: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly streamSequence: number;
  readonly deliveryCount: number;
  readonly handoutSequence: number;
  readonly storedAt: number;
  readonly movedFrom: number | undefined;
  readonly #message: Msg;
  readonly #resources: SettlingResources;

  constructor(message: Msg, place: AckSubject, resources: SettlingResources) {
    const original = originalOf(message, place.storedAtNs / 1e6);
    this.subject = original?.subject ?? message.subject;
    this.payload = message.data;
    this.headers = original?.headers ?? message.headers;
    this.streamSequence = place.streamSequence;
    this.deliveryCount = place.deliveryCount;
    this.handoutSequence = place.handoutSequence;
    this.storedAt = original?.storedAt ?? place.storedAtNs / 1e6;
    this.movedFrom = original?.sequence;
    this.#message = message;
    this.#resources = resources;
  }

  /** Of the message's subject: only what this tenant stored may be its body. */
  get #tenant(): string {
    return parseFactSubject(this.subject)?.tenant ?? "";
  }

  get bodyBytes(): number {
    return this.#resources.claims.claimedBytes(this.headers) || this.payload.byteLength;
  }

  body(maxBytes?: number): Uint8Array | Promise<Uint8Array> {
    return this.headers?.get(claimHeader) ? this.#resources.claims.redeem(this.headers, this.#tenant, maxBytes) : this.payload;
  }

  renew(): void {
    this.#respond("+WPI");
  }

  ack(): void {
    this.#end("+ACK");
  }

  giveBack(delayMs: number): void {
    this.#respond(delayMs > 0 ? `-NAK {"delay":${Math.round(delayMs) * 1_000_000}}` : "-NAK");
  }

  terminate(reason: string): void {
    this.#end(this.#resources.capabilities.termReason ? `+TERM ${reason}` : "+TERM");
  }

  /** The body is that of the original, too. */
  drop(): void {
    this.#respond("+ACK");
  }

  /** M8: a redelivery needs the stored body, so the broker says first that there will be none; else its time to live ends it. */
  #end(frame: AckFrame): void {
    if (!this.headers?.get(claimHeader)) {
      this.#respond(frame);
      return;
    }
    const { connection, claims } = this.#resources;
    // JetStream answers a frame that comes with a reply subject.
    connection
      .request(this.#message.reply ?? "", frame, { timeout: confirmTimeoutMs })
      .then(() => claims.discard(this.headers, this.#tenant))
      .catch(() => undefined);
  }

  /** A frame that cannot be sent is a frame that is lost: the lease runs out, and the message is handed out again. */
  #respond(frame: AckFrame): void {
    this.#resources.outbox.publish(this.#message.reply ?? "", frame);
  }
}

/** @returns `undefined` when the message is not a delivery of a consumer. */
export function brokerMessageOf(message: Msg, resources: SettlingResources): BrokerMessage | undefined {
  const place = message.reply ? parseAckSubject(message.reply) : undefined;
  return place && new BrokerMessage(message, place, resources);
}

// A message as the broker handed it out: its place in the stream, and the words that settle it.
import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/nats-core";

export interface BrokerMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly streamSequence: number;
  /** How often the broker handed it out, this time included. */
  readonly deliveryCount: number;
  /** Milliseconds since the epoch: when the broker stored it. */
  readonly storedAt: number;
  /** Sends one of the words below; fire and forget, a lost one leads to a redelivery. */
  settle(word: SettlingWord): void;
  /** Sends one of the words and waits until the broker has taken it. @throws Error when it does not say so in time. */
  confirm(word: SettlingWord): Promise<void>;
}

/** Acknowledgement protocol of JetStream: https://docs.nats.io/reference/reference-protocols/nats_api_reference */
export type SettlingWord = "+ACK" | "-NAK" | "+WPI" | `-NAK {"delay":${number}}`;

export const ackWord = "+ACK";
export const inProgressWord = "+WPI";
/** Given back, to be handed out again after `delayMs`. */
export const giveBackWord = (delayMs: number): SettlingWord =>
  delayMs > 0 ? `-NAK {"delay":${Math.round(delayMs) * 1_000_000}}` : "-NAK";

interface AckSubject {
  readonly deliveryCount: number;
  readonly streamSequence: number;
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
  const [deliveryCount, streamSequence, , storedAtNs] = tokens.slice(offset).map(Number);
  if (!deliveryCount || !streamSequence || !storedAtNs) return undefined;
  return { deliveryCount, streamSequence, storedAtNs };
}

const CONFIRM_TIMEOUT_MS = 5_000;

/** @returns `undefined` when the message is not a delivery of a consumer. */
export function brokerMessageOf(message: Msg, connection: NatsConnection): BrokerMessage | undefined {
  const place = message.reply ? parseAckSubject(message.reply) : undefined;
  if (!place) return undefined;
  return {
    subject: message.subject,
    body: message.data,
    headers: message.headers,
    streamSequence: place.streamSequence,
    deliveryCount: place.deliveryCount,
    storedAt: place.storedAtNs / 1e6,
    settle: (word) => respond(message, word),
    // JetStream answers a word that comes with a reply subject.
    confirm: async (word) => {
      await connection.request(message.reply ?? "", word, { timeout: CONFIRM_TIMEOUT_MS });
    },
  };
}

/** A word that cannot be sent is a word that is lost: the lease runs out, and the message is handed out again. */
function respond(message: Msg, word: SettlingWord): void {
  try {
    message.respond(word);
  } catch {
    // The connection is closed.
  }
}

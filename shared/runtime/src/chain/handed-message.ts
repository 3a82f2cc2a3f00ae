// A message that was handed over within the process, as its stage gets it.
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { factSubject } from "@nocp/contracts/topology.ts";
import { type Context, propagation, type TextMapSetter } from "@opentelemetry/api";
import type { Handover } from "../stage/handover.ts";
import { type MessageHeaders, mayRepeatHeader, messageIdHeader } from "../stage/message-headers.ts";
import type { DeliveredMessage } from "../stage/transport.ts";

export interface HandedPlace {
  readonly streamSequence: number;
  readonly handoutSequence: number;
  /** Handings-out in this process before this one. */
  readonly before: number;
  /** Milliseconds since the epoch: when it was handed over. */
  readonly storedAt: number;
}

/** What becomes of it. */
export interface HandedEnds {
  settled(): void;
  givenBack(delayMs: number): void;
  abandoned(): void;
}

/** A class, because there is one for each message. */
export class HandedMessage implements DeliveredMessage {
  readonly handover: Handover;
  readonly streamSequence: number;
  readonly handoutSequence: number;
  readonly deliveryCount: number;
  readonly storedAt: number;
  readonly #ends: HandedEnds;
  #headers: MessageHeaders | undefined;

  constructor(handover: Handover, place: HandedPlace, ends: HandedEnds) {
    this.handover = handover;
    this.streamSequence = place.streamSequence;
    this.handoutSequence = place.handoutSequence;
    // A start of the input that was lost with its process may have led to one of this message, and nobody else counts that.
    this.deliveryCount = handover.lostStarts + place.before + 1;
    this.storedAt = place.storedAt;
    this.#ends = ends;
  }

  /** For spans and dead letters, as most of what follows. */
  get subject(): string {
    return factSubject(this.handover.fact, this.handover.address);
  }

  get headers(): MessageHeaders {
    this.#headers ??= new HandedHeaders(this.handover);
    return this.#headers;
  }

  get bodyBytes(): number {
    return this.body().byteLength;
  }

  /** Made when it is asked for: by a dead letter. */
  body(): Uint8Array {
    return encodeJson(this.handover.content);
  }

  /** Its input's lease is renewed, as long as that is held. */
  renew(): void {}

  ack(): void {
    this.#ends.settled();
  }

  terminate(): void {
    this.#ends.settled();
  }

  giveBack(delayMs: number): void {
    this.#ends.givenBack(delayMs);
  }

  abandon(): void {
    this.#ends.abandoned();
  }
}

const setter: TextMapSetter<Map<string, string>> = { set: (carrier, key, value) => carrier.set(key, value) };

/** As a published message has them; those of the trace are written for a dead letter alone. */
class HandedHeaders implements MessageHeaders {
  readonly #values: Map<string, string>;
  readonly #traceContext: Context;
  #hasTrace = false;

  constructor({ messageId, mayBeRepeated, traceContext }: Handover) {
    this.#values = new Map([[messageIdHeader, messageId]]);
    if (mayBeRepeated) this.#values.set(mayRepeatHeader, "1");
    this.#traceContext = traceContext;
  }

  get(name: string): string {
    return this.#values.get(name) ?? "";
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  keys(): string[] {
    if (!this.#hasTrace) propagation.inject(this.#traceContext, this.#values, setter);
    this.#hasTrace = true;
    return [...this.#values.keys()];
  }
}

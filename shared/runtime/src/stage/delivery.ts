// One handing-out of a message, settled exactly once (M1).
import { durableOf, type Lane, laneOf, type QueueLane, type Stage } from "@nocp/contracts/topology.ts";
import type { DeliveredMessage } from "./transport.ts";

/** A class: there is one for each message, and an object with a getter of its own takes 25 times as long to make. */
export class Delivery {
  readonly message: DeliveredMessage;
  /** Of its request. */
  readonly lane: Lane;
  readonly durable: string;
  #newest: DeliveredMessage;
  #settled = false;

  constructor(message: DeliveredMessage, stage: Stage, lane: QueueLane) {
    this.message = message;
    this.lane = laneOf(lane);
    this.durable = durableOf(stage, lane);
    this.#newest = message;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Names the message among all of its stage, for as long as it may be handed out again. */
  get key(): string {
    const { handover, streamSequence } = this.message;
    return `${this.durable}.${handover ? keyOf(handover.messageId) : streamSequence}`;
  }

  /** Renews the lease (M3). */
  renew(): void {
    if (!this.#settled) this.#newest.renew();
  }

  ack(): void {
    this.#settleOnce().ack();
  }

  /** Ends it for good after a failure. @param reason a code of the catalogue. */
  terminate(reason: string): void {
    this.#settleOnce().terminate(reason);
  }

  /** Gives the message back. @param delayMs how long it is held. */
  giveBack(delayMs: number): void {
    this.#settleOnce().giveBack(delayMs);
  }

  /** What it is a copy of is handed out by itself: it ends, and what both share stays. */
  drop(): void {
    this.#settleOnce().drop?.();
  }

  /** The same message was handed out again while it is being handled here: settle the newer handing-out. */
  adopt(newer: DeliveredMessage): void {
    this.#newest = newer;
  }

  /** It cannot be settled: whoever handed it out has to see that it is handed out again. */
  abandon(): void {
    if (!this.#settled) this.#newest.abandon?.();
  }

  #settleOnce(): DeliveredMessage {
    if (this.#settled) throw new Error(`delivery ${this.message.streamSequence} of ${this.durable} was settled twice`);
    this.#settled = true;
    return this.#newest;
  }
}

/** An id of a message in the characters of a key. */
const keyOf = (messageId: string): string => messageId.replaceAll(">", "/").replaceAll("~", "=");

// One handing-out of a message, settled exactly once (M1).
import type { Lane } from "@nocp/contracts/topology.ts";
import { ackWord, type BrokerMessage, giveBackWord, inProgressWord } from "./broker-message.ts";

/** A class: there is one for each message, and an object with a getter of its own takes 25 times as long to make. */
export class Delivery {
  readonly message: BrokerMessage;
  readonly lane: Lane;
  readonly durable: string;
  #newest: BrokerMessage;
  #settled = false;

  constructor(message: BrokerMessage, lane: Lane, durable: string) {
    this.message = message;
    this.lane = lane;
    this.durable = durable;
    this.#newest = message;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Renews the lease (M3). */
  renew(): void {
    if (!this.#settled) this.#newest.settle(inProgressWord);
  }

  ack(): void {
    this.#settleOnce();
    this.#newest.settle(ackWord);
  }

  /** Acknowledges, and resolves when the broker has taken it. @throws Error when it does not say so in time. */
  ackConfirmed(): Promise<void> {
    this.#settleOnce();
    return this.#newest.confirm(ackWord);
  }

  /** Gives the message back. @param delayMs how long the broker holds it. */
  giveBack(delayMs: number): void {
    this.#settleOnce();
    this.#newest.settle(giveBackWord(delayMs));
  }

  /** The broker handed the same message out again while it is being handled here: settle the newer handing-out. */
  adopt(newer: BrokerMessage): void {
    this.#newest = newer;
  }

  #settleOnce(): void {
    if (this.#settled) throw new Error(`delivery ${this.message.streamSequence} of ${this.durable} was settled twice`);
    this.#settled = true;
  }
}

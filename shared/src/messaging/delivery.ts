// One handing-out of a message, settled exactly once (M1).
import type { Lane } from "../contracts/topology.ts";
import { ackWord, type BrokerMessage, giveBackWord, inProgressWord } from "./broker-message.ts";

export interface Delivery {
  readonly lane: Lane;
  readonly durable: string;
  readonly message: BrokerMessage;
  /** Milliseconds since the epoch: when it was handed to this process. */
  readonly receivedAt: number;
  readonly settled: boolean;
  /** Renews the lease (M3). */
  renew(): void;
  ack(): void;
  /** Acknowledges, and resolves when the broker has taken it. @throws Error when it does not say so in time. */
  ackConfirmed(): Promise<void>;
  /** Gives the message back. @param delayMs how long the broker holds it. */
  giveBack(delayMs: number): void;
  /** The broker handed the same message out again while it is being handled here: settle the newer handing-out. */
  adopt(newer: BrokerMessage): void;
}

export function createDelivery(message: BrokerMessage, lane: Lane, durable: string, receivedAt: number): Delivery {
  let newest = message;
  let settled = false;
  const settleOnce = () => {
    if (settled) throw new Error(`delivery ${message.streamSequence} of ${durable} was settled twice`);
    settled = true;
  };
  return {
    lane,
    durable,
    message,
    receivedAt,
    get settled() {
      return settled;
    },
    renew: () => {
      if (!settled) newest.settle(inProgressWord);
    },
    ack: () => {
      settleOnce();
      newest.settle(ackWord);
    },
    ackConfirmed: () => {
      settleOnce();
      return newest.confirm(ackWord);
    },
    giveBack: (delayMs) => {
      settleOnce();
      newest.settle(giveBackWord(delayMs));
    },
    adopt: (newer) => {
      newest = newer;
    },
  };
}

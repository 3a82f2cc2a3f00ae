// Every delivery in this process, started or not, and the renewal of its lease (M3).
import { type Lane, lanes, type RequestRef, requestKey, type Stage } from "@nocp/contracts/topology.ts";
import { Delivery } from "./delivery.ts";
import { createSlots } from "./slots.ts";
import type { StageAttempt } from "./stage-attempt.ts";
import type { DeliveredMessage } from "./transport.ts";

export interface HeldDelivery {
  slot: number;
  readonly delivery: Delivery;
  /** The message may have been handled before, by this process or another. */
  readonly mayBeRepeated: boolean;
  /** Set when its handler is started. */
  attempt: StageAttempt | undefined;
}

export interface LeaseOptions {
  readonly stage: Stage;
  /** The stage's last stream sequence when this process started: up to it, a first delivery may not be the first. */
  readonly lastSequenceBefore: number;
  readonly ackWaitMs: number;
  readonly now: () => number;
}

export interface Leases {
  readonly size: number;
  /** @returns `undefined` when the message is held already: that delivery then settles the newer handing-out. */
  hold(message: DeliveredMessage, lane: Lane): HeldDelivery | undefined;
  release(held: HeldDelivery): void;
  /** Aborts what runs: all of it, or one request. */
  abort(reason: unknown, request?: RequestRef): void;
  /** Renews no more. */
  close(): void;
}

export function createLeases({ stage, lastSequenceBefore, ackWaitMs, now }: LeaseOptions): Leases {
  const deliveries = createSlots<HeldDelivery>();
  /** The highest sequence given to this process, or that the stream had before it. */
  const newest = new Map<Lane, number>(lanes.map((lane) => [lane, lastSequenceBefore]));

  const renewAll = () => {
    deliveries.forEach(({ delivery, attempt }) => {
      const deadlineAt = attempt?.decoded?.deadlineAt ?? Number.POSITIVE_INFINITY;
      if (now() < deadlineAt + ackWaitMs) delivery.renew();
    });
  };
  const timer = setInterval(renewAll, ackWaitMs / 3);

  return {
    get size() {
      return deliveries.size;
    },
    hold(message, lane) {
      const { streamSequence, deliveryCount } = message;
      const known = deliveries.find(
        ({ delivery }) => delivery.message.streamSequence === streamSequence && delivery.lane === lane,
      );
      if (known) {
        known.delivery.adopt(message);
        return undefined;
      }
      const highest = newest.get(lane) ?? 0;
      newest.set(lane, Math.max(highest, streamSequence));
      // First handings-out come in order: of an earlier sequence the broker has forgotten that it handed it out.
      const mayBeRepeated = deliveryCount > 1 || streamSequence <= highest;
      const held: HeldDelivery = { delivery: new Delivery(message, stage, lane), mayBeRepeated, attempt: undefined, slot: 0 };
      held.slot = deliveries.put(held);
      return held;
    },
    release: ({ slot }) => void deliveries.take(slot),
    abort(reason, request) {
      const key = request && requestKey(request);
      deliveries.forEach(({ attempt }) => {
        if (attempt && (key === undefined || requestKey(attempt.addressed) === key)) attempt.controller.abort(reason);
      });
    },
    close: () => clearInterval(timer),
  };
}

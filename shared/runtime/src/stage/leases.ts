// Every delivery in this process, started or not, and the renewal of its lease (M3).
import {
  durableOf,
  parseFactSubject,
  type QueueLane,
  type RequestRef,
  requestKey,
  type Stage,
} from "@nocp/contracts/topology.ts";
import { Delivery } from "./delivery.ts";
import { createDeliveryRecords } from "./delivery-records.ts";
import { mayRepeatHeader } from "./message-headers.ts";
import { createSlots } from "./slots.ts";
import type { StageAttempt } from "./stage-attempt.ts";
import type { DeliveredMessage } from "./transport.ts";

/** What a delivery may be besides the first of its message. */
export interface DeliveryDoubts {
  /** It may have been handed out before or meanwhile, to this process or another. */
  readonly mayBeRedelivered: boolean;
  /** That, or it may be a copy of a message that was handled. */
  readonly mayBeRepeated: boolean;
}

export interface HeldDelivery {
  slot: number;
  readonly delivery: Delivery;
  /** When it came; `Leases.doubts` knows what has happened since. */
  readonly doubts: DeliveryDoubts;
  readonly heldAt: number;
  /** Aborts its handler; fired already where the request was cancelled before that was started. */
  readonly controller: AbortController;
  /** Set when its handler is started. */
  attempt: StageAttempt | undefined;
}

export interface LeaseOptions {
  readonly stage: Stage;
  /** The stage's last stream sequence when this process started: up to it, a first delivery may not be the first. */
  readonly lastSequenceBefore: number;
  readonly ackWaitMs: number;
  /** How long the broker tells copies by their ids, unless it was restarted. */
  readonly duplicateWindowMs: number;
  /** The broker has forgotten handings-out; `trust` is to be called with what is asked of it then. */
  readonly onForgotten: () => void;
  readonly now: () => number;
}

export interface Leases {
  readonly size: number;
  /** @returns `undefined` when the message is held already: that delivery then settles the newer handing-out. */
  hold(message: DeliveredMessage, lane: QueueLane): HeldDelivery | undefined;
  /** Right before a handler is started: who waited here through an outage, or past its lease, may have been handed out again. */
  doubts(held: HeldDelivery): DeliveryDoubts;
  /** Milliseconds since the broker was there again; 0 while it is away, Infinity when it never was. */
  sinceOutageMs(): number;
  /** From now on any delivery may be a repeat: the broker is away, or has forgotten what it handed out. */
  distrust(): void;
  /**
   * The broker is there again: deliveries after its last sequence are new. Copies of consumed messages may still come, whose
   * ids it has forgotten, until a duplicate window has passed.
   */
  trust(lastSequence: number): void;
  release(held: HeldDelivery): void;
  /** How much of what is held is each tenant's. */
  heldByTenant(): Map<string, number>;
  /** Aborts what is held: all of it, or one request. */
  abort(reason: unknown, request?: RequestRef): void;
  /** Renews no more. */
  close(): void;
}

export function createLeases({ stage, lastSequenceBefore, ackWaitMs, now, ...rest }: LeaseOptions): Leases {
  const deliveries = createSlots<HeldDelivery>();
  const records = createDeliveryRecords(lastSequenceBefore);
  /** Until then the broker may take a copy of a consumed message for a new one. */
  let copiesUntil = 0;
  let distrustedAt = Number.NEGATIVE_INFINITY;
  let trustedAt = Number.NEGATIVE_INFINITY;
  let renewedAt = now();

  const renewAll = () => {
    renewedAt = now();
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
      // What was handed over within the process comes again only after it was given back.
      const durable = durableOf(stage, lane);
      const known =
        message.handover === undefined
          ? deliveries.find(({ delivery }) => delivery.message.streamSequence === streamSequence && delivery.durable === durable)
          : undefined;
      if (known) {
        known.delivery.adopt(message);
        return undefined;
      }
      const place = records.place(message, lane);
      if (place === "forgotten") rest.onForgotten();
      const mayBeRedelivered =
        deliveryCount > 1 || place !== "new" || message.movedFrom !== undefined || message.handover?.mayBeRedelivered === true;
      const mayBeRepeated = mayBeRedelivered || message.storedAt < copiesUntil || saysItMayRepeat(message);
      const delivery = new Delivery(message, stage, lane);
      const controller = new AbortController();
      const doubts = { mayBeRedelivered, mayBeRepeated };
      const held: HeldDelivery = { delivery, controller, doubts, heldAt: now(), attempt: undefined, slot: 0 };
      held.slot = deliveries.put(held);
      return held;
    },
    doubts({ doubts, heldAt }) {
      const isOverdue = now() - Math.max(heldAt, renewedAt) > ackWaitMs;
      return isOverdue || distrustedAt >= heldAt ? { mayBeRedelivered: true, mayBeRepeated: true } : doubts;
    },
    sinceOutageMs() {
      if (distrustedAt === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
      return distrustedAt > trustedAt ? 0 : now() - trustedAt;
    },
    distrust() {
      records.distrust();
      distrustedAt = now();
    },
    trust(lastSequence) {
      records.trust(lastSequence);
      trustedAt = now();
      copiesUntil = trustedAt + rest.duplicateWindowMs;
    },
    release: ({ slot }) => void deliveries.take(slot),
    heldByTenant() {
      const held = new Map<string, number>();
      deliveries.forEach(({ delivery }) => {
        const tenant = parseFactSubject(delivery.message.subject)?.tenant;
        if (tenant !== undefined && delivery.lane === "interactive") held.set(tenant, (held.get(tenant) ?? 0) + 1);
      });
      return held;
    },
    abort(reason, request) {
      deliveries.forEach(({ controller, delivery }) => {
        if (request === undefined || isOf(delivery.message, request)) controller.abort(reason);
      });
    },
    close: () => clearInterval(timer),
  };
}

const saysItMayRepeat = (message: DeliveredMessage): boolean =>
  message.handover?.mayBeRepeated ?? (message.headers?.get(mayRepeatHeader) ?? "") !== "";

function isOf({ subject, handover }: DeliveredMessage, request: RequestRef): boolean {
  if (handover) return handover.address.tenant === request.tenant && handover.address.requestId === request.requestId;
  const parsed = parseFactSubject(subject);
  return parsed !== undefined && requestKey(parsed) === requestKey(request);
}

// What connects the stages of one process: a message is handed from one to the next, again after a retry, until it is settled.
//
// States of a message: with its stage → (given back) waiting → with its stage …, until it is settled, or returned to where
// its input came from. M2: that input is acknowledged after `settled`, and given back after `returned`.
import { startTimer } from "@nocp/contracts/abortable.ts";
import { consumerOf, type QueueLane, type Stage } from "@nocp/contracts/topology.ts";
import type { HandOver, Handover, HandoverEnd } from "../stage/handover.ts";
import { createSlots } from "../stage/slots.ts";
import type { ConsumeOptions, DeliveredMessage, MessageSource } from "../stage/transport.ts";
import { HandedMessage } from "./handed-message.ts";

export interface StageLinks {
  readonly handOver: HandOver;
  consume(stage: Stage, lane: QueueLane, options: Pick<ConsumeOptions, "onMessage">): MessageSource;
  /** Messages that are not settled. */
  readonly size: number;
  /** What waits for a retry is returned at once, and what is given back from now on. */
  stop(): void;
}

interface LinkedMessage {
  readonly handover: Handover;
  readonly end: (end: HandoverEnd) => void;
  readonly streamSequence: number;
  readonly storedAt: number;
  before: number;
  /** Runs while it waits to be handed out again. */
  retry: NodeJS.Timeout | undefined;
}

type Receive = (message: DeliveredMessage) => void;

/** A paid answer that no result holds after this time is written down (M7): nearly all are shaped within a few. */
const delayedAfterMs = 100;

/** @param now milliseconds since the epoch. */
export function createStageLinks(now: () => number): StageLinks {
  const receivers = new Map<string, Receive>();
  const open = createSlots<LinkedMessage>();
  let stopped = false;
  let lastSequence = 0;
  let lastHandout = 0;

  const handOut = (linked: LinkedMessage): void => {
    const { handover, streamSequence, storedAt } = linked;
    const receive = receivers.get(receiverOf(consumerOf(handover.fact), handover.address.lane));
    // A stage that has stopped takes nothing any more.
    if (!receive) {
      linked.end("returned");
      return;
    }
    const place = { streamSequence, storedAt, handoutSequence: ++lastHandout, before: linked.before };
    receive(
      new HandedMessage(handover, place, {
        settled: () => linked.end("settled"),
        givenBack: (delayMs) => giveBack(linked, delayMs),
        abandoned: () => linked.end("returned"),
      }),
    );
  };
  const giveBack = (linked: LinkedMessage, delayMs: number): void => {
    if (stopped) {
      linked.end("returned");
      return;
    }
    linked.before += 1;
    linked.retry = startTimer(() => {
      linked.retry = undefined;
      handOut(linked);
    }, delayMs);
  };

  return {
    handOver(handover) {
      const { promise, resolve } = Promise.withResolvers<HandoverEnd>();
      const keeping = keepLater(handover);
      const end = (how: HandoverEnd): void => {
        open.take(slot);
        // What is returned is made anew from its input, and finds then what was paid for.
        if (how === "returned") void keeping.now().then(() => resolve(how));
        else resolve(how);
        keeping.end();
      };
      const linked: LinkedMessage = {
        handover,
        end,
        streamSequence: ++lastSequence,
        storedAt: now(),
        before: 0,
        retry: undefined,
      };
      const slot = open.put(linked);
      handOut(linked);
      return promise;
    },
    consume(stage, lane, { onMessage }) {
      const receiver = receiverOf(stage, lane);
      receivers.set(receiver, onMessage);
      return { refill() {}, stop() {}, close: () => void receivers.delete(receiver) };
    },
    get size() {
      return open.size;
    },
    stop() {
      stopped = true;
      open.forEach(({ retry, end }) => {
        if (retry === undefined) return;
        clearTimeout(retry);
        end("returned");
      });
    },
  };
}

const receiverOf = (stage: Stage, lane: QueueLane): string => `${stage}.${lane}`;

/** Keeps what must not be lost with the process, unless the message ends soon. */
function keepLater({ onDelay }: Handover): { now(): Promise<void>; end(): void } {
  if (onDelay === undefined) return { now: () => Promise.resolve(), end: () => undefined };
  let kept: Promise<void> | undefined;
  const now = (): Promise<void> => {
    kept ??= onDelay().catch(() => undefined);
    return kept;
  };
  const timer = setTimeout(() => void now(), delayedAfterMs);
  return { now, end: () => clearTimeout(timer) };
}

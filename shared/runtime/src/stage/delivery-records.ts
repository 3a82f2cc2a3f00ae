// Which first deliveries cannot be trusted to be the first: a broker that lost a consumer's state, by a restart or a change of
// leader, calls the next handing-out of a message the first.
import { type QueueLane, queueLanes } from "@nocp/contracts/topology.ts";
import type { DeliveredMessage } from "./transport.ts";

/**
 * `new`: never handed out before. `known`: it may have been. `forgotten`: the same, and the broker counts handings-out from
 * an earlier number than it had reached, so it may have forgotten others too.
 */
export type DeliveryPlace = "new" | "known" | "forgotten";

export interface DeliveryRecords {
  place(message: Pick<DeliveredMessage, "streamSequence" | "handoutSequence">, lane: QueueLane): DeliveryPlace;
  /** Nothing is new until `trust`. */
  distrust(): void;
  /** @param lastSequence of the stream: whatever comes after it is new. */
  trust(lastSequence: number): void;
}

interface Newest {
  /** The highest sequence given to this process, or that the stream had when that was last asked. */
  stream: number;
  handout: number;
}

/** @param lastSequence of the stream when this process started. */
export function createDeliveryRecords(lastSequence: number): DeliveryRecords {
  const newest: Record<QueueLane, Newest> = {
    interactive: { stream: lastSequence, handout: 0 },
    batch: { stream: lastSequence, handout: 0 },
    passing: { stream: lastSequence, handout: 0 },
  };
  let trusted = true;
  return {
    place({ streamSequence, handoutSequence }, lane) {
      const highest = newest[lane];
      const wentBack = handoutSequence <= highest.handout;
      highest.handout = handoutSequence;
      if (wentBack && trusted) {
        trusted = false;
        return "forgotten";
      }
      if (!trusted) return "known";
      // First handings-out come in order: of an earlier sequence the broker has forgotten that it handed it out.
      if (streamSequence <= highest.stream) return "known";
      highest.stream = streamSequence;
      return "new";
    },
    distrust: () => {
      trusted = false;
    },
    trust(last) {
      for (const lane of queueLanes) newest[lane].stream = last;
      trusted = true;
    },
  };
}

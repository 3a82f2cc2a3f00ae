// The transports of chained stages: what comes in over the broker, and what is handed over within the process.
import type { RequestRef } from "@nocp/contracts/topology.ts";
import type { StageTransport } from "../stage/transport.ts";
import type { DirectRequests } from "./direct-requests.ts";
import { createLocalRecords } from "./local-records.ts";
import type { StageLinks } from "./stage-links.ts";

/** Reads the broker's queue, and hands over what comes of it. */
export const createIngressTransport = (broker: StageTransport, { handOver }: StageLinks): StageTransport => ({
  ...broker,
  handOver,
});

/** Reads what is handed over. All that leaves the process still goes through the broker. */
export const createLinkTransport = (broker: StageTransport, { handOver, consume }: StageLinks): StageTransport => ({
  ...broker,
  handOver,
  consume,
  // What is handed over does not wait in a line.
  passing: undefined,
  lastSequence: async () => 0,
  // What the stages over the broker do already.
  onCancelOnce: () => () => undefined,
  takeOffQueue: async () => false,
  // What was handed over is not forgotten in an outage.
  onOutage: () => () => undefined,
});

export interface DirectTransport extends StageTransport {
  /** Ends a request of this process. */
  cancel(request: RequestRef): void;
}

/** The same for requests that come from callers in this process, and whose results go to them. Nothing outlives it. */
export function createDirectTransport(broker: StageTransport, links: StageLinks, requests: DirectRequests): DirectTransport {
  const listeners = new Set<(request: RequestRef) => void>();
  return {
    ...createLinkTransport(broker, links),
    answer: requests.answer,
    sendDelta(request, delta) {
      if (!requests.delta(request, delta)) broker.sendDelta(request, delta);
    },
    records: async () => createLocalRecords(),
    onCancel(listener) {
      listeners.add(listener);
      const end = broker.onCancel(listener);
      return () => {
        listeners.delete(listener);
        end();
      };
    },
    cancel(request) {
      for (const listener of listeners) listener(request);
    },
  };
}

// Whether a request has a message of some name on its queue, or its result.
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Fact, factSubject, type Lane, resultSubject, resultsStream, streamOfFact } from "@nocp/contracts/topology.ts";

/** Asks the stream itself, not a replica that may lag behind. @throws Error when the broker does not answer. */
export type IsStored = (fact: Fact | "response.ready", lane: Lane, requestId: string) => Promise<boolean>;

export const createStoredLookup =
  (manager: JetStreamManager): IsStored =>
  async (fact, lane, requestId) => {
    const isResult = fact === "response.ready";
    const stream = isResult ? resultsStream : streamOfFact(fact);
    const subject = isResult ? resultSubject(requestId) : factSubject(fact, lane, requestId);
    return (await manager.streams.getMessage(stream, { last_by_subj: subject })) !== null;
  };

// The transport of a stage over NATS.
import {
  cancelSubject,
  consumerOf,
  deltaSubject,
  durableOf,
  factSubject,
  queuedSubjects,
  type RequestRef,
  resultSubject,
  resultsStream,
  topology,
} from "@nocp/contracts/topology.ts";
import type { IsStored, StageTransport } from "../stage/transport.ts";
import type { Broker } from "./broker.ts";
import type { NatsConnection } from "./connect.ts";
import { maxPayloadOf } from "./max-payload.ts";
import { createPassing } from "./passing-lane.ts";
import { createPullSubscription } from "./pull-subscription.ts";

export function createStageTransport(broker: Broker): StageTransport {
  const { connection, manager } = broker;
  /** Asks the stream itself, not a replica that may lag behind. */
  const holds = async (stream: string, subject: string): Promise<boolean> =>
    (await manager.streams.getMessage(stream, { last_by_subj: subject })) !== null;
  const isStored: IsStored = async (fact, request) => {
    if (fact === "response.ready") return holds(resultsStream, resultSubject(request));
    const { stream } = topology[consumerOf(fact)];
    if (await holds(stream, factSubject(fact, request))) return true;
    // It may have passed the line meanwhile: the copy is there before the original is gone.
    return request.lane === "interactive" && holds(stream, factSubject(fact, { ...request, lane: "passing" }));
  };
  return {
    consume: (stage, lane, options) =>
      createPullSubscription(broker, { ...options, stream: topology[stage].stream, durable: durableOf(stage, lane) }),
    lastSequence: async (stage) => (await manager.streams.info(topology[stage].stream)).state.last_seq,
    publish: broker.publisher.publish,
    passing: createPassing(broker),
    send: (subject, body) => {
      if (!connection.isClosed()) connection.publish(subject, body);
    },
    sendDelta: (request, delta) => {
      if (!connection.isClosed()) connection.publish(deltaSubject(request), JSON.stringify(delta));
    },
    maxSendBytes: () => maxPayloadOf(connection),
    onCancel: (listener) => listenToCancellations(connection, listener),
    onCancelOnce: (stage, listener) => listenToCancellations(connection, listener, `cancel-${stage}`),
    async takeOffQueue(stage, request) {
      const { purged } = await manager.streams.purge(topology[stage].stream, { filter: queuedSubjects(request) });
      return purged > 0;
    },
    onOutage({ lost, regained }) {
      let ended = false;
      void (async () => {
        for await (const { type } of connection.status()) {
          if (ended) break;
          if (type === "disconnect") lost();
          if (type === "reconnect") regained();
        }
      })().catch(() => undefined);
      return () => {
        ended = true;
      };
    },
    isStored,
    resultOf: broker.results.get,
    records: broker.records,
  };
}

function listenToCancellations(connection: NatsConnection, listener: (request: RequestRef) => void, queue?: string): () => void {
  const callback = (_error: unknown, { subject }: { readonly subject: string }) => {
    const [tenant = "", requestId = ""] = subject.split(".").slice(-2);
    listener({ tenant, requestId });
  };
  const anyRequest = { tenant: "*", requestId: "*" };
  const subscription = connection.subscribe(cancelSubject(anyRequest), queue === undefined ? { callback } : { callback, queue });
  return () => subscription.unsubscribe();
}

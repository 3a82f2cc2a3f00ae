// What waits for each stage, and whether anybody works on it: for a person who looks after a deployment.
import type { JetStreamManager } from "@nats-io/jetstream";
import {
  deadLetterStream,
  durableOf,
  eventsDurable,
  eventsStream,
  type Lane,
  laneOf,
  lanes,
  queueLanes,
  type Stage,
  stages,
  topologyOf,
} from "@nocp/contracts/topology.ts";
import type { BrokerHealth, QueueState } from "../stores/broker-health.ts";

/** @throws what the broker answers when a stream or a consumer is missing. */
export async function readBrokerHealth(manager: JetStreamManager, serverVersion: string): Promise<BrokerHealth> {
  const read = async (
    service: QueueState["service"],
    lane: Lane | null,
    stream: string,
    durable: string,
  ): Promise<QueueState> => {
    const found = await manager.consumers.info(stream, durable);
    const { num_pending: waiting, num_ack_pending: inWork, num_waiting: pulls } = found;
    return { service, lane, waiting, inWork, isServed: pulls > 0 || inWork > 0 };
  };
  /** What passes the interactive lane is of it. */
  const readLane = async (stage: Stage, lane: Lane): Promise<QueueState> => {
    const durables = queueLanes.filter((queueLane) => laneOf(queueLane) === lane).map((queueLane) => durableOf(stage, queueLane));
    const parts = await Promise.all(durables.map((durable) => read(stage, lane, topologyOf(stage).stream, durable)));
    const sum = (of: (part: QueueState) => number) => parts.reduce((total, part) => total + of(part), 0);
    return {
      ...{ service: stage, lane, waiting: sum((part) => part.waiting), inWork: sum((part) => part.inWork) },
      isServed: parts.every(({ isServed }) => isServed),
    };
  };
  const queues = await Promise.all([
    ...stages.flatMap((stage) => lanes.map((lane) => readLane(stage, lane))),
    read("observability", null, eventsStream, eventsDurable),
  ]);
  const { state } = await manager.streams.info(deadLetterStream);
  return { serverVersion, queues, deadLetters: state.messages };
}

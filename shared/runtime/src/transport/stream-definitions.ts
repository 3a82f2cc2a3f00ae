// Streams, consumers and buckets as the topology wants them.
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/nats-core";
import {
  deadLetterStream,
  durableFilter,
  durableOf,
  eventsDurable,
  eventsStream,
  queueLanes,
  resultSubject,
  resultsStream,
  type Stage,
  stages,
  streamSubjects,
  subjectPrefix,
  topology,
  topologyOf,
} from "@nocp/contracts/topology.ts";
import type { MessagingSettings } from "../config/sections.ts";

export type StreamDefinition = Partial<StreamConfig> & { readonly name: string; readonly subjects: string[] };
export interface ConsumerDefinition {
  readonly stream: string;
  readonly config: Partial<ConsumerConfig> & { readonly durable_name: string };
}
export interface Definitions {
  readonly streams: readonly StreamDefinition[];
  readonly consumers: readonly ConsumerDefinition[];
}

/** Deliveries of one durable that may be unsettled at once, over all replicas: far above what replicas hold. */
const maxUnsettled = 20_000;

/** Everything JetStream must hold. Pure, so that it can be compared with what is there. */
export function definitionsOf(settings: MessagingSettings, replicas: number): Definitions {
  const base = { storage: StorageType.File, num_replicas: replicas, duplicate_window: nanos(settings.duplicateWindowMs) };
  const stageStreams = stages.map(
    (stage): StreamDefinition => ({
      ...base,
      name: topology[stage].stream,
      subjects: streamSubjects(stage),
      retention: RetentionPolicy.Workqueue,
      discard: DiscardPolicy.New,
      max_msgs: settings.streamMaxMessages,
      max_bytes: settings.streamMaxBytes,
      max_age: nanos(settings.streamMaxAgeMs),
      // A request that is published again while it waits is refused as a duplicate instead of running twice.
      ...(topologyOf(stage).consumes.includes("request.submitted")
        ? { max_msgs_per_subject: 1, discard_new_per_subject: true }
        : {}),
    }),
  );
  const streams: StreamDefinition[] = [
    ...stageStreams,
    {
      ...base,
      name: resultsStream,
      subjects: [resultSubject({ tenant: "*", requestId: "*" })],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      max_age: nanos(settings.resultsMaxAgeMs),
      allow_direct: true,
    },
    {
      ...base,
      name: eventsStream,
      subjects: [`${subjectPrefix}.event.*.*`],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(settings.eventsMaxAgeMs),
    },
    {
      ...base,
      name: deadLetterStream,
      subjects: [`${subjectPrefix}.dead.*`],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(settings.deadLetterMaxAgeMs),
      allow_direct: true,
    },
  ];
  const consumers = [
    ...stages.flatMap((stage) =>
      queueLanes.map((lane) => stageConsumer(stage, durableOf(stage, lane), durableFilter(stage, lane), settings)),
    ),
    {
      stream: eventsStream,
      config: consumerConfig(eventsDurable, settings),
    },
  ];
  return { streams, consumers };
}

const stageConsumer = (stage: Stage, durable: string, filter: string, settings: MessagingSettings): ConsumerDefinition => ({
  stream: topology[stage].stream,
  config: { ...consumerConfig(durable, settings), filter_subject: filter },
});

const consumerConfig = (durable: string, settings: MessagingSettings) => ({
  durable_name: durable,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(settings.ackWaitMs),
  // Attempts are counted and ended by the runtime (M4): a broker that gives up leaves the message lying in the stream.
  max_deliver: -1,
  max_ack_pending: maxUnsettled,
});

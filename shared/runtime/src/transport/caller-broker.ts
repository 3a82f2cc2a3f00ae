// What a caller of the queue needs of one connection to NATS. A service's broker is this and more.
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { MessagingSettings, natsSection } from "../config/sections.ts";
import type { SessionRecords } from "../stores/sessions/session-store.ts";
import { type ClaimCheck, claimsBucket, createClaimCheck, deadClaimsBucket, recordClaimsBucket } from "./claim-check.ts";
import { connectToNats, identityFor, type NatsConnection } from "./connect.ts";
import { createExpectedBuckets, type ExpectedBuckets } from "./expected-buckets.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { inspectTopology, type TopologyChange } from "./provision.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { createRequestReply, type RequestReply } from "./request-reply.ts";
import { createResultStore, type ResultStore } from "./result-store.ts";
import { openSessionBuckets } from "./session-buckets.ts";
import { createSessionRecords, sessionPartsIn } from "./session-records.ts";
import { createStoredPublish } from "./stored-publish.ts";
import { definitionsOf } from "./stream-definitions.ts";

export interface BrokerOptions {
  readonly nats: SectionValues<typeof natsSection>;
  readonly messaging: MessagingSettings;
  readonly name: string;
  readonly firstConnectTimeoutMs: number;
}

export interface CallerBroker {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  /** Begins the subjects on which replies and deliveries arrive. */
  readonly inboxPrefix: string;
  /** Empty where it is not known. */
  readonly userName: string;
  readonly claims: ClaimCheck;
  readonly requests: RequestReply;
  readonly outbox: Outbox;
  /** What must be there beside the topology's streams. */
  readonly buckets: ExpectedBuckets;
  readonly publisher: Publisher;
  readonly results: ResultStore;
  readonly settings: MessagingSettings;
  connected(): boolean;
  /** @param mayRead whether the user may read messages of a stream: of those it may, more is seen. */
  inspect(mayRead?: (stream: string) => boolean): Promise<TopologyChange[]>;
  /** @param patienceMs how long an outage is waited out. */
  sessionRecords(patienceMs: number): Promise<SessionRecords>;
  close(): Promise<void>;
}

/** @throws NocpError NOT_CONNECTED, MISSING_DEPENDENCY. */
export async function openCallerBroker(options: BrokerOptions): Promise<CallerBroker> {
  const { nats, messaging, name, firstConnectTimeoutMs } = options;
  const connection = await connectToNats(nats, { name, firstConnectTimeoutMs });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const ttlMs = {
    [claimsBucket]: messaging.claimTtlMs,
    [deadClaimsBucket]: messaging.deadLetterMaxAgeMs,
    [recordClaimsBucket]: messaging.recordTtlMs,
  };
  const buckets = createExpectedBuckets();
  const { inboxPrefix, userName } = identityFor(nats);
  const outbox = createOutbox(connection);
  const requests = createRequestReply(connection, outbox, inboxPrefix);
  const claims = createClaimCheck(connection, { requests, ttlMs, replicas: nats.replicas, buckets });
  const publisher = createPublisher(createStoredPublish(requests), claims);
  let connected = true;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") connected = false;
      if (status.type !== "reconnect") continue;
      connected = true;
      publisher.forgetTroubles();
    }
  })();
  return {
    connection,
    manager,
    inboxPrefix,
    userName,
    claims,
    requests,
    outbox,
    buckets,
    publisher,
    results: createResultStore(manager, claims),
    settings: messaging,
    connected: () => connected && !connection.isClosed(),
    inspect: (mayRead) => inspectTopology(manager, definitionsOf(messaging, nats.replicas), mayRead),
    async sessionRecords(patienceMs) {
      const options = { ttlMs: messaging.sessionTtlMs, replicas: nats.replicas, applyTtl: false };
      const buckets = await openSessionBuckets(connection, manager, options);
      return createSessionRecords(sessionPartsIn(buckets, { maxBytes: claims.thresholdBytes, patienceMs }));
    },
    close: async () => {
      outbox.flush();
      // drain() flushes what was published and closes; a broker that is away cannot be drained.
      if (!connection.isClosed()) await (connected ? connection.drain() : connection.close());
    },
  };
}

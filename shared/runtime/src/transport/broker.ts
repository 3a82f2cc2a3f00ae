// Everything that is built on one connection to NATS, opened and closed together.
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { z } from "zod";
import type { MessagingSettings, natsSection } from "../config/sections.ts";
import type { ArchiveStore } from "../stores/archive/archive-store.ts";
import type { RecordStore } from "../stores/record-store.ts";
import type { SessionStore } from "../stores/sessions/session-store.ts";
import { createNatsArchive } from "./archive-store.ts";
import { type ClaimCheck, claimsBucket, createClaimCheck, deadClaimsBucket, recordClaimsBucket } from "./claim-check.ts";
import { connectToNats, type NatsConnection } from "./connect.ts";
import { ensureTopology, inspectTopology, type TopologyChange } from "./provision.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { bucketName, createRecordStore, openBucket } from "./record-store.ts";
import { createRequestReply } from "./request-reply.ts";
import { createResultStore, type ResultStore } from "./result-store.ts";
import { type ServerCapabilities, serverCapabilities } from "./server-capabilities.ts";
import { openSessionBuckets } from "./session-buckets.ts";
import { createSessionStore } from "./session-store.ts";
import { createStoredPublish } from "./stored-publish.ts";
import { definitionsOf } from "./stream-definitions.ts";

export interface BrokerOptions {
  readonly nats: SectionValues<typeof natsSection>;
  readonly messaging: MessagingSettings;
  readonly name: string;
  readonly firstConnectTimeoutMs: number;
}

export interface Broker {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly capabilities: ServerCapabilities;
  readonly claims: ClaimCheck;
  readonly archive: ArchiveStore;
  readonly publisher: Publisher;
  readonly results: ResultStore;
  readonly settings: MessagingSettings;
  connected(): boolean;
  /**
   * Makes or checks the topology, as the setting `messaging.provision` says.
   * @throws NocpError NOT_PROVISIONED, PROVISIONING_REFUSED.
   */
  provision(): Promise<TopologyChange[]>;
  inspect(): Promise<TopologyChange[]>;
  records<T>(bucket: string, schema: z.ZodType<T>, patienceMs: number): Promise<RecordStore<T>>;
  /** @param patienceMs how long an outage is waited out. @param applyTtl gives sessions the configured time to live. */
  sessions(patienceMs: number, applyTtl?: boolean): Promise<SessionStore>;
  close(): Promise<void>;
}

/** @throws NocpError NOT_CONNECTED, MISSING_DEPENDENCY. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { nats, messaging } = options;
  const connection = await connectToNats(nats, { name: options.name, firstConnectTimeoutMs: options.firstConnectTimeoutMs });
  const client = jetstream(connection);
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const claims = createClaimCheck(
    connection,
    {
      [claimsBucket]: messaging.claimTtlMs,
      [deadClaimsBucket]: messaging.deadLetterMaxAgeMs,
      [recordClaimsBucket]: messaging.recordTtlMs,
    },
    nats.replicas,
  );
  const requests = createRequestReply(connection);
  const definitions = definitionsOf(messaging, nats.replicas);
  let connected = true;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") connected = false;
      if (status.type === "reconnect") connected = true;
    }
  })();
  return {
    connection,
    jetstream: client,
    manager,
    /** A reconnect may lead to a server of another version. */
    get capabilities() {
      return serverCapabilities(connection.info?.version ?? "0");
    },
    claims,
    publisher: createPublisher(createStoredPublish(requests), claims),
    archive: createNatsArchive(connection, messaging.archiveTtlMs, nats.replicas),
    results: createResultStore(manager, claims),
    settings: messaging,
    connected: () => connected && !connection.isClosed(),
    async provision() {
      if (messaging.provision === "ensure") return ensureTopology(manager, definitions);
      const missing = (await inspectTopology(manager, definitions)).filter((change) => change.action === "create");
      if (missing.length === 0) return [];
      throw new NocpError("NOT_PROVISIONED", `missing: ${missing.map((change) => change.name).join(", ")}`);
    },
    inspect: () => inspectTopology(manager, definitions),
    async records(name, schema, patienceMs) {
      await openBucket(connection, name, messaging.recordTtlMs, nats.replicas);
      return createRecordStore(requests, claims, bucketName(name), schema, patienceMs);
    },
    async sessions(patienceMs, applyTtl = false) {
      const options = { ttlMs: messaging.sessionTtlMs, replicas: nats.replicas, applyTtl };
      const buckets = await openSessionBuckets(connection, manager, options);
      return createSessionStore(buckets, { maxBytes: claims.thresholdBytes, patienceMs });
    },
    close: async () => {
      // drain() flushes what was published and closes; a broker that is away cannot be drained.
      if (!connection.isClosed()) await (connected ? connection.drain() : connection.close());
    },
  };
}

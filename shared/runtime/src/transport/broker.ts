// Everything that is built on one connection to NATS, opened and closed together.
import { type JetStreamClient, jetstream } from "@nats-io/jetstream";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import type { z } from "zod";
import type { ArchiveStore } from "../stores/archive/archive-store.ts";
import type { BrokerHealth } from "../stores/broker-health.ts";
import type { ChunkStore } from "../stores/chunk-store.ts";
import type { KeyStore } from "../stores/keys/key-store.ts";
import type { RecordStore } from "../stores/record-store.ts";
import type { RevisionStore } from "../stores/revision-store.ts";
import type { SessionStore } from "../stores/sessions/session-store.ts";
import type { SharedState } from "../stores/shared-state.ts";
import type { DroppedBundles } from "./archive-limit.ts";
import { createNatsArchive } from "./archive-store.ts";
import { createBlobStore } from "./blob-store.ts";
import { readBrokerHealth } from "./broker-health.ts";
import { type BrokerOptions, type CallerBroker, openCallerBroker } from "./caller-broker.ts";
import { createChunkStore } from "./chunk-store.ts";
import { createDeploymentSecrets } from "./deployment-secret.ts";
import { keyValueStream } from "./expected-buckets.ts";
import { createKeyStore, keysBucket, openKeyBucket } from "./key-store.ts";
import { ensureTopology, type TopologyChange } from "./provision.ts";
import { bucketName, createRecordStore, openBucket } from "./record-store.ts";
import { createRevisionStore, openRevisionBucket } from "./revision-store.ts";
import { type ServerCapabilities, serverCapabilities } from "./server-capabilities.ts";
import { callService } from "./service-calls.ts";
import { openSessionBuckets, sessionBucketNames } from "./session-buckets.ts";
import { createSessionStore } from "./session-store.ts";
import { openSharedState } from "./shared-state.ts";
import { definitionsOf } from "./stream-definitions.ts";
import { openTenantBucket, type PublicTenant, readTenantRecords, tenantsBucket } from "./tenant-records.ts";

export interface Broker extends CallerBroker {
  readonly jetstream: JetStreamClient;
  readonly capabilities: ServerCapabilities;
  readonly archive: ArchiveStore;
  /** Copies of every stream and bucket. */
  readonly replicas: number;
  /**
   * Makes or checks the topology, as the setting `messaging.provision` says.
   * @throws NocpError NOT_PROVISIONED, PROVISIONING_REFUSED.
   */
  provision(): Promise<TopologyChange[]>;
  /** Misses those of these buckets that are there and that nothing has opened yet. */
  expectBuckets(names: readonly string[]): void;
  records<T>(bucket: string, schema: z.ZodType<T>, patienceMs: number): Promise<RecordStore<T>>;
  /** The same for all processes of the deployment, for ever. @param name what it is for. */
  secret(name: string, patienceMs: number): Promise<string>;
  /** In memory: forgotten when the broker restarts, or nobody changes it for a while. */
  sharedState<T>(bucket: string, schema: z.ZodType<T>): Promise<SharedState<T>>;
  /** Records in a bucket of this name that are changed by compare-and-set. */
  revisions<T>(bucket: string, schema: z.ZodType<T>): Promise<RevisionStore<T>>;
  /** Large contents in a bucket of this name. @param ttlMs how long a chunk is kept. */
  chunks(bucket: string, ttlMs: number): Promise<ChunkStore>;
  /** On the disk. @param ttlMs how long a state is kept that nobody changes; 0 for ever. */
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
  /** Asks another service. @throws NocpError NOT_CONNECTED when it does not run, otherwise what it answered. */
  call(service: ServiceName, name: string, question: unknown): Promise<unknown>;
  /** What is stored of the tenants that have accounts of their own. */
  tenants(): Promise<PublicTenant[]>;
  /** @throws NocpError NOT_PROVISIONED when a stream or a consumer is missing. */
  health(): Promise<BrokerHealth>;
  /** Keys of the HTTP API. */
  keys(): Promise<KeyStore>;
  /** @param patienceMs how long an outage is waited out. @param applyTtl gives sessions the configured time to live. */
  sessions(patienceMs: number, applyTtl?: boolean): Promise<SessionStore>;
}

/** Longer than any quota's window but the day's. */
const sharedStateTtlMs = 10 * 60_000;

/** How long a service waits for streams that somebody else creates. */
const provisionWaitMs = 60_000;
const provisionLookMs = 100;

/** @throws NocpError NOT_CONNECTED, MISSING_DEPENDENCY. */
export async function openBroker(
  options: BrokerOptions & { readonly onArchiveDropped?: (dropped: DroppedBundles) => void },
): Promise<Broker> {
  const { nats, messaging } = options;
  const caller = await openCallerBroker(options);
  const { connection, manager, claims, requests, buckets } = caller;
  const archive = createNatsArchive(connection, {
    ttlMs: messaging.archiveTtlMs,
    maxBytes: messaging.archiveMaxBytes,
    replicas: nats.replicas,
    manager,
    requests,
    buckets,
    onDropped: options.onArchiveDropped ?? (() => undefined),
  });
  const sessionOptions = { ttlMs: messaging.sessionTtlMs, replicas: nats.replicas };
  const openSessions = () => openSessionBuckets(connection, manager, { ...sessionOptions, applyTtl: false });
  const openLater: readonly (readonly [name: string, open: () => Promise<unknown>])[] = [
    [tenantsBucket, () => openTenantBucket(connection, nats.replicas)],
    ...sessionBucketNames.map((name) => [name, openSessions] as const),
  ];
  return {
    ...caller,
    jetstream: jetstream(connection),
    /** A reconnect may lead to a server of another version. */
    get capabilities() {
      return serverCapabilities(connection.info?.version ?? "0");
    },
    archive,
    replicas: nats.replicas,
    async provision() {
      if (messaging.provision === "ensure") {
        const changes = await ensureTopology(manager, definitionsOf(messaging, nats.replicas));
        await Promise.all([claims.prepare(), archive.prepare()]);
        return changes;
      }
      const until = giveUpAfter(messaging.provision === "await" ? provisionWaitMs : 0);
      for (;;) {
        const missing = (await caller.inspect()).filter(({ action }) => action === "create");
        if (missing.length === 0) return [];
        if (until.aborted) throw new NocpError("NOT_PROVISIONED", `missing: ${missing.map((change) => change.name).join(", ")}`);
        await pause(provisionLookMs);
      }
    },
    expectBuckets(names) {
      claims.expect(names);
      archive.expect(names);
      for (const [name, open] of openLater) if (names.includes(name)) buckets.expect(keyValueStream(name), open, "used later");
    },
    async records(name, schema, patienceMs) {
      const open = () => openBucket(connection, name, messaging.recordTtlMs, nats.replicas);
      await open();
      buckets.expect(keyValueStream(bucketName(name)), open);
      return createRecordStore(requests, claims, bucketName(name), schema, patienceMs);
    },
    secret: createDeploymentSecrets(connection, { replicas: nats.replicas, buckets }),
    async sharedState(bucket, schema) {
      const open = () =>
        openSharedState(connection, { manager, bucket, schema, ttlMs: sharedStateTtlMs, replicas: nats.replicas });
      const state = await open();
      buckets.expect(keyValueStream(bucketName(bucket)), open, "in memory");
      return state;
    },
    async revisions(name, schema) {
      const open = () => openRevisionBucket(connection, name, nats.replicas);
      const bucket = await open();
      buckets.expect(keyValueStream(bucketName(name)), open);
      return createRevisionStore(bucket, { manager, name, schema });
    },
    async chunks(name, ttlMs) {
      const bucket = bucketName(name);
      const blobs = createBlobStore(connection, requests, { bucket, ttlMs, replicas: nats.replicas });
      await blobs.prepare();
      buckets.expect(keyValueStream(bucket), () => blobs.prepare());
      return createChunkStore(blobs);
    },
    async durableState(bucket, schema, ttlMs) {
      const open = () =>
        openSharedState(connection, { manager, bucket, schema, ttlMs, replicas: nats.replicas, isDurable: true });
      const state = await open();
      buckets.expect(keyValueStream(bucketName(bucket)), open);
      return state;
    },
    call: (service, name, question) => callService(requests, service, name, question),
    tenants: () => readTenantRecords(connection, nats.replicas),
    health: () =>
      readBrokerHealth(manager, connection.info?.version ?? "").catch((cause: unknown) => {
        throw new NocpError("NOT_PROVISIONED", "the broker does not say what its queues hold", { cause });
      }),
    async keys() {
      const open = () => openKeyBucket(connection, nats.replicas);
      const bucket = await open();
      buckets.expect(keyValueStream(keysBucket), open);
      return createKeyStore(bucket, manager);
    },
    async sessions(patienceMs, applyTtl = false) {
      const open = () => openSessionBuckets(connection, manager, { ...sessionOptions, applyTtl });
      for (const bucket of sessionBucketNames) buckets.expect(keyValueStream(bucket), open);
      return createSessionStore(await open(), { maxBytes: claims.thresholdBytes, patienceMs });
    },
  };
}

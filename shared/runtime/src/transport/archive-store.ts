// The archive in NATS: bundles in parts, and beside them an index by scope, so that a scope lists in one read.

import type { JetStreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { type ArchiveScope, archiveScopeKinds } from "@nocp/contracts/archive.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { z } from "zod";
import { isInScope, type ScopeFilter, tenantScope } from "../stores/archive/archive-scope.ts";
import { type ArchiveListing, type ArchiveStore, missingBundle, refusedBundle } from "../stores/archive/archive-store.ts";
import { type ArchiveBundle, readBundle } from "../stores/archive/bundle.ts";
import { parseReference } from "../stores/archive/reference.ts";
import { applyLimit, type DroppedBundles, dropOldest, isFull } from "./archive-limit.ts";
import { type BlobStore, createBlobStore } from "./blob-store.ts";
import { bucketKeys } from "./bucket-keys.ts";
import { type BucketNature, type ExpectedBuckets, keyValueStream } from "./expected-buckets.ts";
import type { RequestReply } from "./request-reply.ts";

export const archiveBucket = "nocp_archive";
export const archiveIndexBucket = "nocp_archive_index";
const ownBuckets = [archiveBucket, archiveIndexBucket];

/** A bundle that was written within this share of its time to live is not written again. */
const freshShare = 0.1;
/** An object whose chunks are gone keeps its reader waiting. */
const operationTimeoutMs = 10_000;

const indexEntrySchema = z.object({ originals: z.int(), bytes: z.int(), parts: z.int().positive() });

/** `<tenant>.<kind>/<id>.<reference>`: tenants, sessions and requests have no characters that mean something to NATS. */
const indexKeyOf = ({ tenant, kind, id }: ArchiveScope, reference: string): string => `${tenant}.${kind}/${id}.${reference}`;
const indexFilterOf = ({ tenant, kind, id }: ScopeFilter, reference: string): string =>
  `${tenant ?? "*"}.${kind === undefined || id === undefined ? "*" : `${kind}/${id}`}.${reference}`;

function parseIndexKey(key: string): { readonly scope: ArchiveScope; readonly reference: string } {
  const [tenant = "", owner = "", reference = ""] = key.split(".");
  const slash = owner.indexOf("/");
  const kind = archiveScopeKinds.find((known) => known === owner.slice(0, slash)) ?? "request";
  return { scope: { tenant, kind, id: owner.slice(slash + 1) }, reference };
}

export interface PreparedArchive extends ArchiveStore {
  /** Makes the buckets that are missing. */
  prepare(): Promise<void>;
  /** Misses those of its buckets that are among these, once they are there. */
  expect(buckets: readonly string[]): void;
}

interface OpenArchive {
  readonly bundles: BlobStore;
  readonly index: KV;
  readonly indexBucket: string;
  readonly manager: JetStreamManager;
}

export interface NatsArchiveOptions {
  /** How long a bundle is kept; a tenth less when it was written again meanwhile. */
  readonly ttlMs: number;
  /** What all bundles may take; 0 for no limit. A full archive drops its oldest ones. */
  readonly maxBytes: number;
  readonly replicas: number;
  readonly manager: JetStreamManager;
  readonly requests: RequestReply;
  readonly buckets: ExpectedBuckets;
  readonly onDropped: (dropped: DroppedBundles) => void;
}

/** Buckets are made on first use. */
export function createNatsArchive(connection: NatsConnection, options: NatsArchiveOptions): PreparedArchive {
  const { ttlMs, maxBytes, buckets, onDropped } = options;
  let opening: Promise<OpenArchive> | undefined;
  const open = (): Promise<OpenArchive> => {
    opening ??= openAnew();
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  const openAnew = async (): Promise<OpenArchive> => {
    const archive = await openBuckets(connection, options);
    expect(ownBuckets, "opened");
    return archive;
  };
  const expect = (needed: readonly string[], nature: BucketNature): void => {
    for (const bucket of ownBuckets.filter((name) => needed.includes(name)))
      buckets.expect(
        keyValueStream(bucket),
        () => {
          opening = openAnew();
          return opening;
        },
        nature,
      );
  };
  const putMakingRoom = async (archive: OpenArchive, key: string, bytes: Uint8Array): Promise<number> => {
    try {
      return await archive.bundles.put(key, bytes);
    } catch (error) {
      if (!isFull(error) || bytes.byteLength >= maxBytes) throw error;
      onDropped(await dropOldest(archive, bytes.byteLength, maxBytes));
      return archive.bundles.put(key, bytes);
    }
  };
  const attempt = async <T>(work: (archive: OpenArchive) => Promise<T>): Promise<T> => {
    try {
      return await withTimeLimit(() => open().then(work), {
        timeoutMs: operationTimeoutMs,
        onTimeout: () => new Error(`no answer in ${operationTimeoutMs} ms`),
      });
    } catch (error) {
      if (error instanceof NocpError) throw error;
      throw new NocpError("ARCHIVE_UNAVAILABLE", `the archive does not respond: ${coerceError(error).message}`, { cause: error });
    }
  };
  return {
    async prepare() {
      await open();
    },
    expect: (needed) => expect(needed, "used later"),
    put: ({ reference, scope, bytes, originals }) =>
      attempt(async (archive) => {
        const { index } = archive;
        const key = indexKeyOf(scope, reference);
        const known = await index.get(key);
        if (known?.operation === "PUT" && Date.now() - known.created.getTime() < ttlMs * freshShare) return;
        const parts = await putMakingRoom(archive, key, bytes);
        // After the bundle: what the index names is there.
        await index.put(key, JSON.stringify({ originals: originals.length, bytes: bytes.byteLength, parts }));
      }),

    get: (text, filter) => attempt((archive) => fetchBundle(archive, parseReference(text).bundle, filter)),

    list: (filter) =>
      attempt(async (archive) => {
        const { index } = archive;
        const keys = await find(archive, filter, "*");
        const found = await Promise.all(
          keys.map(async (key): Promise<ArchiveListing[]> => {
            const entry = await index.get(key);
            const parsed = indexEntrySchema.safeParse(entry?.operation === "PUT" ? entry.json() : undefined);
            if (!entry || !parsed.success) return [];
            const { originals, bytes } = parsed.data;
            return [{ ...parseIndexKey(key), originals, bytes, storedAt: entry.created.getTime() }];
          }),
        );
        return found.flat().sort((one, other) => other.storedAt - one.storedAt);
      }),
  };
}

/** Keys of the index in a scope. */
async function find({ manager, indexBucket }: OpenArchive, filter: ScopeFilter, reference: string): Promise<string[]> {
  const keys = await bucketKeys(manager, indexBucket, indexFilterOf(filter, reference));
  return keys.filter((key) => isInScope(parseIndexKey(key).scope, filter));
}

async function fetchBundle(archive: OpenArchive, reference: string, filter: ScopeFilter): Promise<ArchiveBundle> {
  const { bundles, index } = archive;
  const { tenant, kind, id } = filter;
  const ownKey = tenant && kind && id ? indexKeyOf({ tenant, kind, id }, reference) : undefined;
  // A scope known in full needs no search.
  const isOwn = ownKey !== undefined && (await index.get(ownKey))?.operation === "PUT";
  const [key] = isOwn
    ? [ownKey]
    : [...(await find(archive, filter, reference)), ...(await sharedKeys(archive, filter, reference))];
  if (key === undefined) {
    const elsewhere = await find(archive, {}, reference);
    throw elsewhere.length > 0 ? refusedBundle(reference) : missingBundle(reference);
  }
  const entry = indexEntrySchema.safeParse((await index.get(key))?.json());
  const bytes = entry.success ? await bundles.get(key, entry.data.parts) : undefined;
  if (!bytes) throw missingBundle(reference);
  return readBundle(reference, bytes);
}

/** What the tenant shares, whatever the session or request. */
async function sharedKeys({ index }: OpenArchive, { tenant }: ScopeFilter, reference: string): Promise<string[]> {
  if (tenant === undefined) return [];
  const key = indexKeyOf(tenantScope(tenant), reference);
  return (await index.get(key))?.operation === "PUT" ? [key] : [];
}

async function openBuckets(
  connection: NatsConnection,
  { ttlMs, replicas, maxBytes, manager, requests, onDropped }: NatsArchiveOptions,
): Promise<OpenArchive> {
  const limitBytes = maxBytes === 0 ? -1 : maxBytes;
  const bundles = createBlobStore(connection, requests, { bucket: archiveBucket, ttlMs, replicas, maxBytes: limitBytes });
  await bundles.prepare();
  const index = await new Kvm(connection).create(archiveIndexBucket, { ttl: ttlMs, replicas, history: 1, allow_direct: true });
  const archive = { bundles, index, indexBucket: archiveIndexBucket, manager };
  const dropped = await applyLimit(archive, archiveBucket, limitBytes);
  if (dropped) onDropped(dropped);
  return archive;
}

// What the archive may take of the disk. A full one makes room by dropping its oldest bundles, as a whole, and says so.
import type { JetStreamManager } from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
import type { BlobStore } from "./blob-store.ts";
import { keyValueStream } from "./expected-buckets.ts";
import { PublishRefusal } from "./stored-publish.ts";

export interface DroppedBundles {
  readonly bundles: number;
  readonly bytes: number;
  /** Milliseconds since the epoch: when the newest of them was stored. */
  readonly storedUntil: number;
}

export interface ArchiveParts {
  readonly bundles: BlobStore;
  /** Names every bundle, under the same key. */
  readonly index: KV;
  readonly indexBucket: string;
  readonly manager: JetStreamManager;
}

/** Codes of JetStream's API; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const streamRefuses = 10077;
/** Freed beyond what is needed, as a share of the limit: a full archive does not make room for every bundle. */
const extraShare = 0.05;

export const isFull = (error: unknown): boolean => error instanceof PublishRefusal && error.errorCode === streamRefuses;

/** Gives a bucket that is there already the limit that is set now; what it holds beyond that is dropped first. */
export async function applyLimit(parts: ArchiveParts, bucket: string, maxBytes: number): Promise<DroppedBundles | undefined> {
  const stream = keyValueStream(bucket);
  const { config, state } = await parts.manager.streams.info(stream);
  if (config.max_bytes === maxBytes) return undefined;
  const excess = maxBytes > 0 ? state.bytes - maxBytes : 0;
  const dropped = excess > 0 ? await dropOldest(parts, excess, maxBytes) : undefined;
  await parts.manager.streams.update(stream, { ...config, max_bytes: maxBytes });
  return dropped;
}

/** Drops the oldest bundles until so many bytes are free. Deleting in a bucket's own way needs room for a marker. */
export async function dropOldest(
  { bundles, index, indexBucket, manager }: ArchiveParts,
  neededBytes: number,
  maxBytes: number,
): Promise<DroppedBundles> {
  const wantedBytes = neededBytes + maxBytes * extraShare;
  const dropped = { bundles: 0, bytes: 0, storedUntil: 0 };
  for (const { key, bytes, storedAt } of await oldestFirst(index)) {
    if (dropped.bytes >= wantedBytes) break;
    // The index first: what it names is there.
    await manager.streams.purge(keyValueStream(indexBucket), { filter: `$KV.${indexBucket}.${key}` });
    await bundles.delete(key);
    dropped.bundles += 1;
    dropped.bytes += bytes;
    dropped.storedUntil = storedAt;
  }
  return dropped;
}

async function oldestFirst(index: KV) {
  const found: { key: string; bytes: number; storedAt: number }[] = [];
  for await (const entry of await index.history()) {
    if (entry.operation !== "PUT") continue;
    found.push({ key: entry.key, bytes: entry.json<{ bytes: number }>().bytes, storedAt: entry.created.getTime() });
  }
  return found.sort((one, other) => one.storedAt - other.storedAt);
}

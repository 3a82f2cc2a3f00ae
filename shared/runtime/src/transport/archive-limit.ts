// What the archive may take of the disk. A full one makes room by dropping its oldest bundles, as a whole, and says so.
import type { JetStreamManager } from "@nats-io/jetstream";
import type { ObjectStore } from "@nats-io/obj";
import { keyValueStream, objectStream } from "./expected-buckets.ts";

export interface DroppedBundles {
  readonly bundles: number;
  readonly bytes: number;
  /** Milliseconds since the epoch: when the newest of them was stored. */
  readonly storedUntil: number;
}

export interface ArchiveParts {
  readonly objects: ObjectStore;
  readonly manager: JetStreamManager;
  readonly bucket: string;
  readonly indexBucket: string;
}

/** Codes of JetStream's API; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const streamRefuses = 10077;
/** Freed beyond what is needed, as a share of the limit: a full archive does not make room for every bundle. */
const extraShare = 0.05;

export const isFull = (error: unknown): boolean =>
  (error as { code?: number } | undefined)?.code === streamRefuses ||
  (error instanceof Error && error.message.includes("maximum bytes exceeded"));

/** Gives a bucket that is there already the limit that is set now; what it holds beyond that is dropped first. */
export async function applyLimit(parts: ArchiveParts, maxBytes: number): Promise<DroppedBundles | undefined> {
  const stream = objectStream(parts.bucket);
  const { config, state } = await parts.manager.streams.info(stream);
  if (config.max_bytes === maxBytes) return undefined;
  const excess = maxBytes > 0 ? state.bytes - maxBytes : 0;
  const dropped = excess > 0 ? await dropOldest(parts, excess, maxBytes) : undefined;
  await parts.manager.streams.update(stream, { ...config, max_bytes: maxBytes });
  return dropped;
}

/** Drops the oldest bundles until so many bytes are free. Deleting in the object store's own way needs room for a marker. */
export async function dropOldest(
  { objects, manager, bucket, indexBucket }: ArchiveParts,
  neededBytes: number,
  maxBytes: number,
): Promise<DroppedBundles> {
  const wantedBytes = neededBytes + maxBytes * extraShare;
  const stream = objectStream(bucket);
  const bundles = (await objects.list()).sort((one, other) => Date.parse(one.mtime) - Date.parse(other.mtime));
  const dropped = { bundles: 0, bytes: 0, storedUntil: 0 };
  for (const { name, nuid, size, mtime } of bundles) {
    if (dropped.bytes >= wantedBytes) break;
    // The index first: what it names is there.
    await manager.streams.purge(keyValueStream(indexBucket), { filter: `$KV.${indexBucket}.${name}` });
    await manager.streams.purge(stream, { filter: `$O.${bucket}.M.${paddedBase64Url(name)}` });
    await manager.streams.purge(stream, { filter: `$O.${bucket}.C.${nuid}` });
    dropped.bundles += 1;
    dropped.bytes += size;
    dropped.storedUntil = Date.parse(mtime);
  }
  return dropped;
}

/** As object stores name their entries. */
function paddedBase64Url(text: string): string {
  const encoded = Buffer.from(text).toString("base64url");
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, "=");
}

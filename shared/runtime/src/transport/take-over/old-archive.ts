// Bundles that were objects, under the keys that their index still has.
import { Kvm } from "@nats-io/kv";
import { archiveBucket, archiveIndexBucket } from "../archive-store.ts";
import { createBlobStore } from "../blob-store.ts";
import type { Broker } from "../broker.ts";
import { bucketKeys } from "../bucket-keys.ts";
import { infoOrNothing } from "../stored-info.ts";
import { objectStream, readOldObject } from "./old-objects.ts";

/** A bundle is named with its parts once it is stored in them. */
export async function moveOldArchive({ connection, manager, requests, settings, replicas }: Broker): Promise<void> {
  if (!(await infoOrNothing(() => manager.streams.info(objectStream(archiveBucket))))) return;
  const index = await new Kvm(connection).open(archiveIndexBucket);
  const bundles = createBlobStore(connection, requests, { bucket: archiveBucket, ttlMs: settings.archiveTtlMs, replicas });
  for (const key of await bucketKeys(manager, archiveIndexBucket)) {
    const entry = (await index.get(key))?.json<{ parts?: number }>();
    if (entry?.parts !== undefined) continue;
    const bytes = await readOldObject(manager, archiveBucket, key);
    if (!bytes) continue;
    await index.put(key, JSON.stringify({ ...entry, parts: await bundles.put(key, bytes) }));
  }
}

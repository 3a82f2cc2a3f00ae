// Records in a JetStream KV bucket, changed by compare-and-set.
import type { JetStreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import type { Revised, RevisionStore } from "../stores/revision-store.ts";
import { bucketKeys, eraseKey } from "./bucket-keys.ts";
import { bucketName } from "./record-store.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

/** Read through the stream's leader: a copy may not have the last change yet. */
export const openRevisionBucket = (connection: NatsConnection, bucket: string, replicas: number) =>
  new Kvm(connection).create(bucketName(bucket), { ttl: 0, replicas, history: 1, allow_direct: false });

/** @param name of the bucket that `kv` is. */
export function createRevisionStore<T>(
  kv: Awaited<ReturnType<typeof openRevisionBucket>>,
  { manager, name, schema }: { readonly manager: JetStreamManager; readonly name: string; readonly schema: z.ZodType<T> },
): RevisionStore<T> {
  const bucket = bucketName(name);
  const get = async (key: string): Promise<Revised<T> | undefined> => {
    const entry = await liveEntry(kv, key);
    const checked = schema.safeParse(entry?.json());
    // What a newer version wrote is left to it.
    return entry && checked.success ? { key, value: checked.data, revision: entry.revision } : undefined;
  };
  return {
    get,
    async create(key, value) {
      return (await unlessConflict(kv.create(key, JSON.stringify(value)))) !== undefined;
    },
    update: ({ key, value, revision }) => unlessConflict(kv.update(key, JSON.stringify(value), revision)),
    remove: (key) => eraseKey(manager, bucket, key),
    async list(filter) {
      const records = await Promise.all((await bucketKeys(manager, bucket, filter)).map(get));
      return records.filter((record) => record !== undefined);
    },
  };
}

/** @returns undefined when somebody else was first. */
async function unlessConflict(change: Promise<number>): Promise<number | undefined> {
  try {
    return await change;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

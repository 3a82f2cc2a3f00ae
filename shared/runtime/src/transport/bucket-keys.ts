// Which keys a JetStream KV bucket has.
import type { JetStreamManager } from "@nats-io/jetstream";
import { keyValueStream } from "./expected-buckets.ts";

/**
 * Those that were deleted and left a mark are among them. Not by the client's `keys`: that makes a consumer for each look, and
 * leaves it at the server for five minutes when there is nothing to read.
 * @param filter subject of the keys, with NATS's wildcards.
 */
export async function bucketKeys(manager: JetStreamManager, bucket: string, filter = ">"): Promise<string[]> {
  const prefix = subjectOfKey(bucket, "");
  const { state } = await manager.streams.info(keyValueStream(bucket), { subjects_filter: prefix + filter });
  return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
}

/** Leaves no mark, unlike the client's `purge`: for keys that nobody watches and that never come again. */
export async function eraseKey(manager: JetStreamManager, bucket: string, key: string): Promise<void> {
  await manager.streams.purge(keyValueStream(bucket), { filter: subjectOfKey(bucket, key) });
}

const subjectOfKey = (bucket: string, key: string): string => `$KV.${bucket}.${key}`;

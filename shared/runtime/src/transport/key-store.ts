// Keys of the HTTP API in a JetStream KV bucket, by their digests. They are kept until they are deleted.
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { type KV, type KvEntry, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { type GatewayKey, gatewayKeySchema } from "@nocp/contracts/gateway-key.ts";
import type { KeyStore } from "../stores/keys/key-store.ts";
import { bucketKeys } from "./bucket-keys.ts";

export const keysBucket = "nocp_keys";

/** A bucket that was made anew is noticed within this time; its watches tell nothing by themselves. */
const lookEveryMs = 2_500;

/** Makes the bucket if it is missing. */
export const openKeyBucket = (connection: NatsConnection, replicas: number): Promise<KV> =>
  new Kvm(connection).create(keysBucket, { ttl: 0, replicas, history: 1, allow_direct: false });

/** Whoever watches puts back what it knows when the bucket was lost: without keys, anyone who reaches the API may use it. */
export function createKeyStore(kv: KV, manager: JetStreamManager): KeyStore {
  return {
    async list() {
      const keys: GatewayKey[] = [];
      for (const digest of await bucketKeys(manager, keysBucket)) {
        const key = keyOf(await kv.get(digest));
        if (key) keys.push(key);
      }
      return keys.sort((left, right) => right.createdAt - left.createdAt);
    },
    async put(key) {
      await kv.put(key.digest, JSON.stringify(key));
    },
    // Not only marked as deleted: nothing of a key is left.
    delete: (digest) => kv.purge(digest),
    watch: (onChange) => watchKeys(kv, onChange),
  };
}

/** Follows the bucket, and the next one of its name when it is deleted. */
async function watchKeys(kv: KV, onChange: Parameters<KeyStore["watch"]>[0]): Promise<() => void> {
  const known = new Map<string, Uint8Array>();
  const onEntry = (entry: KvEntry): void => {
    if (entry.operation === "PUT") known.set(entry.key, entry.value);
    else known.delete(entry.key);
    onChange(entry.key, keyOf(entry));
  };
  let created = await createdAt(kv);
  let stop = await watchEntries(kv, onEntry);
  let isStopped = false;
  const follow = async (): Promise<void> => {
    const found = await createdAt(kv);
    if (found === created) return;
    await putBack(kv, known);
    const stopNext = await watchEntries(kv, onEntry);
    stop();
    stop = stopNext;
    created = found;
    if (isStopped) stop();
  };
  let timer: NodeJS.Timeout;
  const followAgain = async (): Promise<void> => {
    // A broker that is away, or a bucket that is: looked for again.
    await follow().catch(() => undefined);
    if (!isStopped) timer = setTimeout(() => void followAgain(), lookEveryMs).unref();
  };
  timer = setTimeout(() => void followAgain(), lookEveryMs).unref();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    stop();
  };
}

const createdAt = async (kv: KV): Promise<string> => (await kv.status()).streamInfo.created;

/** What the new bucket says of a key stands, also that it was deleted. */
async function putBack(kv: KV, known: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [digest, value] of known) {
    await kv.put(digest, value, { previousSeq: 0 }).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError && error.code === wrongLastSequence)) throw error;
    });
  }
}

/** JetStream's code for a subject that has a message already. */
const wrongLastSequence = 10071;

/** @returns once all entries were told; stops the watch when it is called. */
async function watchEntries(kv: KV, onEntry: (entry: KvEntry) => void): Promise<() => void> {
  const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
  const entries = await kv.watch({});
  const { values } = await kv.status();
  if (values === 0) onTold();
  void (async () => {
    for await (const entry of entries) {
      onEntry(entry);
      if (entry.delta === 0) onTold();
    }
    onTold();
  })();
  await told;
  return () => entries.stop();
}

/** One that a newer version wrote is as good as none: nobody is let in by what cannot be read. */
const keyOf = (entry: KvEntry | null): GatewayKey | undefined =>
  entry?.operation === "PUT" ? gatewayKeySchema.safeParse(entry.json()).data : undefined;

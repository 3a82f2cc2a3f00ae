// Keys of the HTTP API in a JetStream KV bucket, by their digests. They are kept until they are deleted.
import { type KvEntry, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { type GatewayKey, gatewayKeySchema } from "@nocp/contracts/gateway-key.ts";
import type { KeyStore } from "../stores/keys/key-store.ts";

const keysBucket = "nocp_keys";

/** Opens the bucket, made if it is missing. */
export async function openKeyStore(connection: NatsConnection, replicas: number): Promise<KeyStore> {
  const kv = await new Kvm(connection).create(keysBucket, { ttl: 0, replicas, history: 1, allow_direct: false });
  return {
    async list() {
      const keys: GatewayKey[] = [];
      for await (const digest of await kv.keys()) {
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
    async watch(onChange) {
      const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
      const entries = await kv.watch({});
      const { values } = await kv.status();
      if (values === 0) onTold();
      void (async () => {
        for await (const entry of entries) {
          onChange(entry.key, keyOf(entry));
          if (entry.delta === 0) onTold();
        }
        onTold();
      })();
      await told;
      return () => entries.stop();
    },
  };
}

/** One that a newer version wrote is as good as none: nobody is let in by what cannot be read. */
const keyOf = (entry: KvEntry | null): GatewayKey | undefined =>
  entry?.operation === "PUT" ? gatewayKeySchema.safeParse(entry.json()).data : undefined;

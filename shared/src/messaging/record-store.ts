// Durable records in JetStream KV: what costs money is written down before it is published (M7).
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import type { RecordStore } from "./handler.ts";
import { withPatience } from "./patience.ts";

const textEncoder = new TextEncoder();

/** Opens a bucket, made if it is missing. @param ttlMs how long entries are kept. */
export const openBucket = (connection: NatsConnection, bucket: string, ttlMs: number, replicas: number): Promise<KV> =>
  new Kvm(connection).create(`nocp_${bucket}`, { ttl: ttlMs, replicas, history: 1, allow_direct: true });

/**
 * Both operations try again through an outage for up to `patienceMs`: losing a paid answer costs more than waiting.
 * @throws NocpError PUBLISH_FAILED after that.
 */
export function createRecordStore<T>(kv: KV, schema: z.ZodType<T>, patienceMs: number): RecordStore<T> {
  const patiently = <R>(what: string, work: () => Promise<R>): Promise<R> =>
    withPatience(`${what} a record`, work, { patienceMs });
  return {
    async get(key) {
      const entry = await patiently("read", () => kv.get(key));
      return entry?.operation === "PUT" ? schema.parse(entry.json()) : undefined;
    },
    async put(key, value) {
      await patiently("write", () => kv.put(key, textEncoder.encode(JSON.stringify(value))));
    },
  };
}

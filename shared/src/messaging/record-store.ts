// Durable records in JetStream KV: what costs money is written down before it is published (M7).
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import { NocpError } from "../errors/nocp-error.ts";
import type { RecordStore } from "./handler.ts";

const textEncoder = new TextEncoder();
const RETRY_WAIT_MS = 200;

/** Opens a bucket, made if it is missing. @param ttlMs how long entries are kept. */
export const openBucket = (connection: NatsConnection, bucket: string, ttlMs: number, replicas: number): Promise<KV> =>
  new Kvm(connection).create(`nocp_${bucket}`, { ttl: ttlMs, replicas, history: 1, allow_direct: true });

/**
 * Both operations try again through an outage for up to `patienceMs`: losing a paid answer costs more than waiting.
 * @throws NocpError PUBLISH_FAILED after that.
 */
export function createRecordStore<T>(kv: KV, schema: z.ZodType<T>, patienceMs: number): RecordStore<T> {
  const patiently = async <R>(what: string, work: () => Promise<R>): Promise<R> => {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() >= giveUpAt)
          throw new NocpError("PUBLISH_FAILED", `cannot ${what} a record: ${(error as Error).message}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
      }
    }
  };
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

// Durable records in JetStream KV: what costs money is written down before it is published (M7).
import { type KV, Kvm } from "@nats-io/kv";
import type { Msg, NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import type { RecordStore } from "./handler.ts";
import { withPatience } from "./patience.ts";
import { hasNoResponders, type RequestReply } from "./request-reply.ts";
import { createStoredPublish } from "./stored-publish.ts";

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();
const EMPTY = new Uint8Array(0);
const NOT_FOUND = 404;

/** A bucket as NATS knows it. */
export const bucketName = (bucket: string): string => `nocp_${bucket}`;

/** Opens a bucket, made if it is missing. @param ttlMs how long entries are kept. */
export const openBucket = (connection: NatsConnection, bucket: string, ttlMs: number, replicas: number): Promise<KV> =>
  new Kvm(connection).create(bucketName(bucket), { ttl: ttlMs, replicas, history: 1, allow_direct: true });

/**
 * Speaks the protocol of KV itself (https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md):
 * every completion reads and writes a record, and the client's own path costs several times as much.
 * Both operations try again through an outage for up to `patienceMs`: losing a paid answer costs more than waiting.
 * @throws NocpError PUBLISH_FAILED after that.
 */
export function createRecordStore<T>(
  requests: RequestReply,
  bucket: string,
  schema: z.ZodType<T>,
  patienceMs: number,
): RecordStore<T> {
  const store = createStoredPublish(requests);
  const patiently = <R>(what: string, work: () => Promise<R>): Promise<R> =>
    withPatience(`${what} a record`, work, { patienceMs });
  return {
    async get(key) {
      const entry = await patiently("read", async () => {
        const answer = await requests.ask(`$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${key}`, EMPTY);
        if (hasNoResponders(answer)) throw new Error("the broker does not answer for this bucket");
        return answer;
      });
      return holdsValue(entry) ? schema.parse(JSON.parse(textDecoder.decode(entry.data))) : undefined;
    },
    async put(key, value) {
      await patiently("write", () => store(`$KV.${bucket}.${key}`, textEncoder.encode(JSON.stringify(value))));
    },
  };
}

/** Neither missing nor the mark of a deletion. */
const holdsValue = ({ headers }: Msg): boolean => headers?.code !== NOT_FOUND && !headers?.get("KV-Operation");

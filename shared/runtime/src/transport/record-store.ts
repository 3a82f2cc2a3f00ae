// Durable records in JetStream KV: what costs money and cannot be published at once is written down (M7).

import { type KV, Kvm } from "@nats-io/kv";
import type { Msg, NatsConnection } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import type { z } from "zod";
import type { RecordStore } from "../stores/record-store.ts";
import { type ClaimCheck, recordClaimsBucket } from "./claim-check.ts";
import { claimHeader, newHeaders } from "./message-headers.ts";
import { withPatience } from "./patience.ts";
import { hasNoResponders, type RequestReply } from "./request-reply.ts";
import { createStoredPublish } from "./stored-publish.ts";

const textDecoder = new TextDecoder();
const empty = new Uint8Array(0);
const notFound = 404;

/** A bucket as NATS knows it. */
export const bucketName = (bucket: string): string => `nocp_${bucket}`;

/** Opens a bucket, made if it is missing. @param ttlMs how long entries are kept. */
export const openBucket = (connection: NatsConnection, bucket: string, ttlMs: number, replicas: number): Promise<KV> =>
  new Kvm(connection).create(bucketName(bucket), { ttl: ttlMs, replicas, history: 1, allow_direct: true });

/**
 * Speaks the protocol of KV itself (https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md),
 * whose client knows no headers.
 * Both operations try again through an outage for up to `patienceMs`: losing a paid answer costs more than waiting.
 * A record that is too large for a message is kept by claim check, under the header that messages have for it (M8).
 * @throws NocpError PUBLISH_FAILED after that.
 */
export function createRecordStore<T>(
  requests: RequestReply,
  claims: ClaimCheck,
  bucket: string,
  schema: z.ZodType<T>,
  patienceMs: number,
): RecordStore<T> {
  const store = createStoredPublish(requests);
  const patiently = <R>(what: string, work: () => Promise<R>): Promise<R> =>
    withPatience(`${what} a record`, work, { patienceMs, isFinal: (error) => isClaimMissing(error) });
  const putLarge = async (subject: string, body: Uint8Array): Promise<void> => {
    const headers = newHeaders();
    await patiently("write", () => claims.deposit(recordClaimsBucket, bucket, body, headers));
    await patiently("write", () => store(subject, empty, headers));
  };
  /** @returns `undefined` when the body of a large record is gone. */
  const bodyOf = async ({ data, headers }: Msg): Promise<Uint8Array | undefined> => {
    if (!headers?.get(claimHeader)) return data;
    try {
      return await patiently("read", () => claims.redeem(headers, bucket));
    } catch (error) {
      if (isClaimMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    async get(key) {
      const entry = await patiently("read", async () => {
        const answer = await requests.ask(`$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${key}`, empty);
        if (hasNoResponders(answer)) throw new Error("the broker does not respond for this bucket");
        return answer;
      });
      const body = holdsValue(entry) ? await bodyOf(entry) : undefined;
      return body && schema.parse(parseWithExactArguments(textDecoder.decode(body)));
    },
    async put(key, value) {
      const body = encodeJson(value);
      const subject = `$KV.${bucket}.${key}`;
      if (body.byteLength > claims.thresholdBytes) await putLarge(subject, body);
      else await patiently("write", () => store(subject, body));
    },
  };
}

const isClaimMissing = (error: unknown): boolean => error instanceof NocpError && error.code === "CLAIM_MISSING";

/** Neither missing nor the mark of a deletion. */
const holdsValue = ({ headers }: Msg): boolean => headers?.code !== notFound && !headers?.get("KV-Operation");

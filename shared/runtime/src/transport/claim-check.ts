// Bodies over half of the server's max_payload travel by claim check: stored in parts, fetched by reference (M8).
import { createHash, randomUUID } from "node:crypto";
import type { MsgHdrs, NatsConnection } from "@nats-io/nats-core";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type BlobStore, createBlobStore } from "./blob-store.ts";
import { type BucketNature, type ExpectedBuckets, keyValueStream } from "./expected-buckets.ts";
import { maxPayloadOf } from "./max-payload.ts";
import { claimDigestHeader, claimHeader, claimPartsHeader, claimSizeHeader } from "./message-headers.ts";
import type { RequestReply } from "./request-reply.ts";

/** Bodies of messages on their way; kept until they are handled, at most for the time to live. */
export const claimsBucket = "nocp_claims";
/** Bodies of dead letters, kept as long as those. */
export const deadClaimsBucket = "nocp_dead_claims";
/** Bodies of records, kept as long as those. */
export const recordClaimsBucket = "nocp_record_claims";

/** An object whose chunks are gone, or a broker that stores nothing, would keep its reader or writer waiting for good. */
const operationTimeoutMs = 15_000;

export interface ClaimCheck {
  /** Bodies over this many bytes are stored. */
  readonly thresholdBytes: number;
  /** Makes the buckets that are missing. */
  prepare(): Promise<void>;
  /** Misses those of its buckets that are among these, once they are there. */
  expect(buckets: readonly string[]): void;
  /**
   * Stores a body and names it in the headers.
   * @param owner whose it is: the tenant of a message, the bucket of a record. @throws NocpError PUBLISH_FAILED when that
   * takes too long.
   */
  deposit(bucket: string, owner: string, body: Uint8Array, headers: MsgHdrs): Promise<void>;
  /** What the headers say of the size of the body; 0 when the body travels with the message. Its sender may be wrong. */
  claimedBytes(headers: MsgHdrs | undefined): number;
  /**
   * The stored body.
   * @param owner of the message or record: a header may not name what is another's. @param maxBytes of what really arrives.
   * @throws NocpError CLAIM_MISSING when it is gone, another owner's, or its digest differs, REQUEST_TOO_LARGE,
   * PUBLISH_FAILED when it does not arrive in time.
   */
  redeem(headers: MsgHdrs, owner: string, maxBytes?: number): Promise<Uint8Array>;
  /** Deletes the stored body, if there is one of this owner; failing that, its time to live does. */
  discard(headers: MsgHdrs | undefined, owner: string): Promise<void>;
}

export interface ClaimCheckOptions {
  readonly requests: RequestReply;
  /** Time to live by bucket, milliseconds; buckets are made on first use. */
  readonly ttlMs: Readonly<Record<string, number>>;
  readonly replicas: number;
  readonly buckets: ExpectedBuckets;
  readonly timeoutMs?: number;
}

/** Far above what the largest request takes, also in small parts. */
const mostParts = 65_536;

const sha256 = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

export function createClaimCheck(connection: NatsConnection, options: ClaimCheckOptions): ClaimCheck {
  const { requests, ttlMs, replicas, buckets, timeoutMs = operationTimeoutMs } = options;
  const stores = new Map<string, BlobStore>(
    Object.entries(ttlMs).map(([bucket, ttl]) => [
      bucket,
      createBlobStore(connection, requests, { bucket, ttlMs: ttl, replicas }),
    ]),
  );
  const expect = (bucket: string, store: BlobStore, nature?: BucketNature) =>
    buckets.expect(keyValueStream(bucket), () => store.prepare(), nature);
  /** @throws NocpError CLAIM_MISSING */
  const claimOf = (headers: MsgHdrs, owner: string) => {
    const [bucket = "", key = ""] = headers.get(claimHeader).split("/");
    const store = stores.get(bucket);
    const parts = Number(headers.get(claimPartsHeader));
    if (!store || key === "" || !(parts >= 1 && parts <= mostParts))
      throw new NocpError("CLAIM_MISSING", "the claim headers do not name a stored body");
    if (!isKeyOf(key, owner)) throw new NocpError("CLAIM_MISSING", `the body that the headers name is not of ${owner}`);
    return { store, key, parts };
  };
  const inTime = <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withTimeLimit(work, {
      timeoutMs,
      onTimeout: () => new NocpError("PUBLISH_FAILED", `NATS did not ${what} within ${timeoutMs / 1000} s`),
    });
  return {
    get thresholdBytes() {
      return Math.floor(maxPayloadOf(connection) / 2);
    },
    async prepare() {
      await Promise.all(
        [...stores].map(async ([bucket, store]) => {
          await store.prepare();
          expect(bucket, store);
        }),
      );
    },
    expect(needed) {
      for (const [bucket, store] of stores) if (needed.includes(bucket)) expect(bucket, store, "used later");
    },
    async deposit(bucket, owner, body, headers) {
      const store = stores.get(bucket);
      if (!store) throw new Error(`there is no bucket ${bucket}`);
      const key = `${owner}.${randomUUID()}`;
      const parts = await inTime("store the body of a large message", () => store.put(key, body));
      expect(bucket, store);
      headers.set(claimHeader, `${bucket}/${key}`);
      headers.set(claimPartsHeader, String(parts));
      headers.set(claimDigestHeader, sha256(body));
      headers.set(claimSizeHeader, String(body.byteLength));
    },
    claimedBytes: (headers) => Number(headers?.get(claimSizeHeader) || 0),
    async redeem(headers, owner, maxBytes = Number.POSITIVE_INFINITY) {
      const { store, key, parts } = claimOf(headers, owner);
      const body = await inTime("deliver the body of a large message", (signal) => store.get(key, parts, { maxBytes, signal }));
      if (!body) throw new NocpError("CLAIM_MISSING", "the body of this message is no longer stored");
      if (sha256(body) !== headers.get(claimDigestHeader)) {
        throw new NocpError("CLAIM_MISSING", "the stored body of this message differs from the one that was sent");
      }
      return body;
    },
    async discard(headers, owner) {
      if (!headers?.get(claimHeader)) return;
      const { store, key } = claimOf(headers, owner);
      await store.delete(key);
    },
  };
}

/** A key is the owner and a name of one token: a dot or a wildcard more would reach another's. */
const isKeyOf = (key: string, owner: string): boolean =>
  key.startsWith(`${owner}.`) && /^[A-Za-z0-9_-]+$/.test(key.slice(owner.length + 1));

// Bodies over half of the server's max_payload travel by claim check: stored in parts, fetched by reference (M8).
import { createHash, randomUUID } from "node:crypto";
import type { MsgHdrs, NatsConnection } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type BlobStore, createBlobStore } from "./blob-store.ts";
import { maxPayloadOf } from "./max-payload.ts";
import { claimDigestHeader, claimHeader, claimPartsHeader, claimSizeHeader } from "./message-headers.ts";
import type { RequestReply } from "./request-reply.ts";

/** Bodies of messages on their way; kept until they are handled, at most for the time to live. */
export const claimsBucket = "nocp_claims";
/** Bodies of dead letters, kept as long as those. */
export const deadClaimsBucket = "nocp_dead_claims";
/** Bodies of records, kept as long as those. */
export const recordClaimsBucket = "nocp_record_claims";

export interface ClaimCheck {
  /** Bodies over this many bytes are stored. */
  readonly thresholdBytes: number;
  /** Makes the buckets that are missing. */
  prepare(): Promise<void>;
  /** Stores a body and names it in the headers. @param owner whose it is: the tenant of a message, the bucket of a record. */
  deposit(bucket: string, owner: string, body: Uint8Array, headers: MsgHdrs): Promise<void>;
  /** Size of the body that the headers refer to; 0 when the body travels with the message. */
  claimedBytes(headers: MsgHdrs | undefined): number;
  /**
   * The stored body.
   * @param owner of the message or record: a header may not name what is another's.
   * @throws NocpError CLAIM_MISSING when it is gone, another owner's, or its digest differs.
   */
  redeem(headers: MsgHdrs, owner: string): Promise<Uint8Array>;
  /** Deletes the stored body, if there is one of this owner; failing that, its time to live does. */
  discard(headers: MsgHdrs | undefined, owner: string): Promise<void>;
}

/** Far above what the largest request takes, also in small parts. */
const mostParts = 65_536;

const sha256 = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** @param ttlMs time to live by bucket, milliseconds; buckets are made on first use. */
export function createClaimCheck(
  connection: NatsConnection,
  requests: RequestReply,
  ttlMs: Readonly<Record<string, number>>,
  replicas: number,
): ClaimCheck {
  const stores = new Map<string, BlobStore>(
    Object.entries(ttlMs).map(([bucket, ttl]) => [
      bucket,
      createBlobStore(connection, requests, { bucket, ttlMs: ttl, replicas }),
    ]),
  );
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
  return {
    get thresholdBytes() {
      return Math.floor(maxPayloadOf(connection) / 2);
    },
    async prepare() {
      await Promise.all([...stores.values()].map((store) => store.prepare()));
    },
    async deposit(bucket, owner, body, headers) {
      const store = stores.get(bucket);
      if (!store) throw new Error(`there is no bucket ${bucket}`);
      const key = `${owner}.${randomUUID()}`;
      const parts = await store.put(key, body);
      headers.set(claimHeader, `${bucket}/${key}`);
      headers.set(claimPartsHeader, String(parts));
      headers.set(claimDigestHeader, sha256(body));
      headers.set(claimSizeHeader, String(body.byteLength));
    },
    claimedBytes: (headers) => Number(headers?.get(claimSizeHeader) || 0),
    async redeem(headers, owner) {
      const { store, key, parts } = claimOf(headers, owner);
      const body = await store.get(key, parts);
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

// Bodies over half of the server's max_payload travel by claim check: kept in the object store, fetched by reference (M8).
import { createHash, randomUUID } from "node:crypto";
import type { MsgHdrs, NatsConnection } from "@nats-io/nats-core";
import { nanos } from "@nats-io/nats-core";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { claimDigestHeader, claimHeader, claimSizeHeader } from "./message-headers.ts";

/** Bodies of messages on their way; kept until they are handled, at most for the time to live. */
export const claimsBucket = "nocp_claims";
/** Bodies of dead letters, kept as long as those. */
export const deadClaimsBucket = "nocp_dead_claims";
/** Bodies of records, kept as long as those. */
export const recordClaimsBucket = "nocp_record_claims";

export interface ClaimCheck {
  /** Bodies over this many bytes are stored. */
  readonly thresholdBytes: number;
  /** Stores a body and names it in the headers. */
  deposit(bucket: string, body: Uint8Array, headers: MsgHdrs): Promise<void>;
  /** Size of the body that the headers refer to; 0 when the body travels with the message. */
  claimedBytes(headers: MsgHdrs | undefined): number;
  /** The stored body. @throws NocpError CLAIM_MISSING when it is gone or its digest differs. */
  redeem(headers: MsgHdrs): Promise<Uint8Array>;
  /** Deletes the stored body, if there is one; failing that, its time to live does. */
  discard(headers: MsgHdrs | undefined): Promise<void>;
}

/** As the server says that the connection is with now. */
export const maxPayloadOf = (connection: NatsConnection): number => connection.info?.max_payload ?? 1_048_576;

const sha256 = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** @param ttlMs time to live by bucket, milliseconds; buckets are made on first use. */
export function createClaimCheck(
  connection: NatsConnection,
  ttlMs: Readonly<Record<string, number>>,
  replicas: number,
): ClaimCheck {
  const manager = new Objm(connection);
  const stores = new Map<string, Promise<ObjectStore>>();
  const storeOf = (bucket: string): Promise<ObjectStore> => {
    const found = stores.get(bucket);
    if (found) return found;
    const opened = manager.create(bucket, { ttl: nanos(ttlMs[bucket] ?? 0), replicas });
    stores.set(bucket, opened);
    opened.catch(() => stores.delete(bucket));
    return opened;
  };
  return {
    get thresholdBytes() {
      return Math.floor(maxPayloadOf(connection) / 2);
    },
    async deposit(bucket, body, headers) {
      const store = await storeOf(bucket);
      const name = randomUUID();
      await store.putBlob({ name }, body);
      headers.set(claimHeader, `${bucket}/${name}`);
      headers.set(claimDigestHeader, sha256(body));
      headers.set(claimSizeHeader, String(body.byteLength));
    },
    claimedBytes: (headers) => Number(headers?.get(claimSizeHeader) || 0),
    async redeem(headers) {
      const [bucket = "", name = ""] = headers.get(claimHeader).split("/");
      if (ttlMs[bucket] === undefined || name === "")
        throw new NocpError("CLAIM_MISSING", "the claim header does not name a known bucket");
      const body = await (await storeOf(bucket)).getBlob(name);
      if (!body) throw new NocpError("CLAIM_MISSING", "the body of this message is no longer stored");
      if (sha256(body) !== headers.get(claimDigestHeader)) {
        throw new NocpError("CLAIM_MISSING", "the stored body of this message differs from the one that was sent");
      }
      return body;
    },
    async discard(headers) {
      const [bucket, name] = headers?.get(claimHeader)?.split("/") ?? [];
      if (bucket && name && ttlMs[bucket] !== undefined) await (await storeOf(bucket)).delete(name);
    },
  };
}

// Bodies over half of the server's max_payload travel by claim check: kept in the object store, fetched by reference (M8).
import { createHash, randomUUID } from "node:crypto";
import type { MsgHdrs, NatsConnection } from "@nats-io/nats-core";
import { nanos } from "@nats-io/nats-core";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type ExpectedBuckets, objectStream } from "./expected-buckets.ts";
import { claimDigestHeader, claimHeader, claimSizeHeader } from "./message-headers.ts";

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
  /** Stores a body and names it in the headers. @throws NocpError PUBLISH_FAILED when that takes too long. */
  deposit(bucket: string, body: Uint8Array, headers: MsgHdrs): Promise<void>;
  /** What the headers say of the size of the body; 0 when the body travels with the message. Its sender may be wrong. */
  claimedBytes(headers: MsgHdrs | undefined): number;
  /**
   * The stored body.
   * @param maxBytes of what really arrives.
   * @throws NocpError CLAIM_MISSING when it is gone or its digest differs, REQUEST_TOO_LARGE, PUBLISH_FAILED when it does not
   * arrive in time.
   */
  redeem(headers: MsgHdrs, maxBytes?: number): Promise<Uint8Array>;
  /** Deletes the stored body, if there is one; failing that, its time to live does. */
  discard(headers: MsgHdrs | undefined): Promise<void>;
}

export interface ClaimCheckOptions {
  /** Time to live by bucket, milliseconds; buckets are made on first use. */
  readonly ttlMs: Readonly<Record<string, number>>;
  readonly replicas: number;
  readonly buckets: ExpectedBuckets;
  readonly timeoutMs?: number;
}

/** As the server says that the connection is with now. */
export const maxPayloadOf = (connection: NatsConnection): number => connection.info?.max_payload ?? 1_048_576;

const sha256 = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

export function createClaimCheck(connection: NatsConnection, options: ClaimCheckOptions): ClaimCheck {
  const { ttlMs, replicas, buckets, timeoutMs = operationTimeoutMs } = options;
  const manager = new Objm(connection);
  const stores = new Map<string, Promise<ObjectStore>>();
  const open = (bucket: string): Promise<ObjectStore> => {
    const opened = manager.create(bucket, { ttl: nanos(ttlMs[bucket] ?? 0), replicas });
    stores.set(bucket, opened);
    opened.catch(() => stores.delete(bucket));
    buckets.expect(objectStream(bucket), () => open(bucket));
    return opened;
  };
  const inTime = <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withTimeLimit(work, {
      timeoutMs,
      onTimeout: () => new NocpError("PUBLISH_FAILED", `NATS did not ${what} within ${timeoutMs / 1000} s`),
    });
  const storeOf = (bucket: string): Promise<ObjectStore> => stores.get(bucket) ?? open(bucket);
  return {
    get thresholdBytes() {
      return Math.floor(maxPayloadOf(connection) / 2);
    },
    async deposit(bucket, body, headers) {
      const name = randomUUID();
      try {
        await inTime("store the body of a large message", async () => (await storeOf(bucket)).putBlob({ name }, body));
      } catch (error) {
        // It may have been deleted: made anew at the next try.
        stores.delete(bucket);
        throw error;
      }
      headers.set(claimHeader, `${bucket}/${name}`);
      headers.set(claimDigestHeader, sha256(body));
      headers.set(claimSizeHeader, String(body.byteLength));
    },
    claimedBytes: (headers) => Number(headers?.get(claimSizeHeader) || 0),
    async redeem(headers, maxBytes = Number.POSITIVE_INFINITY) {
      const [bucket = "", name = ""] = headers.get(claimHeader).split("/");
      if (ttlMs[bucket] === undefined || name === "")
        throw new NocpError("CLAIM_MISSING", "the claim header does not name a known bucket");
      const body = await inTime("deliver the body of a large message", async (signal) =>
        readObject(await storeOf(bucket), name, maxBytes, signal),
      );
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

/** @returns `undefined` when there is no such object. @throws NocpError REQUEST_TOO_LARGE as soon as more arrives. */
async function readObject(
  store: ObjectStore,
  name: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const found = await store.get(name);
  if (!found) return undefined;
  // The reader hears of it.
  found.error.catch(() => undefined);
  const reader = found.data.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      if (bytes > maxBytes)
        throw new NocpError("REQUEST_TOO_LARGE", `the stored body has over ${maxBytes} bytes, which are allowed`);
      chunks.push(part.value);
    }
  } catch (error) {
    stop();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return Buffer.concat(chunks, bytes);
}

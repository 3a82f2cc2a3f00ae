// Bytes of any size in a bucket, in parts, under keys that begin with an owner.
//
// JetStream's own object store names its chunks by random ids alone, so that a broker cannot say whose they are. Here a
// part's subject is `$KV.<bucket>.<owner>.<name>.<number>`: a tenant may be allowed its own, to write and to read, and
// nothing is read through a consumer, which could be told to deliver to any subject.
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause } from "@nocp/contracts/retry.ts";
import { maxPayloadOf } from "./max-payload.ts";
import { hasNoResponders, type RequestReply } from "./request-reply.ts";
import { createStoredPublish, PublishRefusal } from "./stored-publish.ts";

export interface BlobStore {
  /** Makes the bucket where it is missing. */
  prepare(): Promise<void>;
  /** @param key `<owner>.<name>`. @returns in how many parts it was stored. */
  put(key: string, body: Uint8Array): Promise<number>;
  /**
   * @returns `undefined` when a part is missing.
   * @throws NocpError REQUEST_TOO_LARGE as soon as more than `maxBytes` arrive; Error when the broker does not answer.
   */
  get(key: string, parts: number, limits?: ReadLimits): Promise<Uint8Array | undefined>;
  /** Deletes all parts for good. */
  delete(key: string): Promise<void>;
}

export interface ReadLimits {
  readonly maxBytes?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

export interface BlobStoreOptions {
  readonly bucket: string;
  /** How long a part is kept, in milliseconds. */
  readonly ttlMs: number;
  readonly replicas: number;
  /** What all of them may take, for a bucket that is made; -1 for no limit. */
  readonly maxBytes?: number;
}

/** Small enough that many parts on their way do not hold up what else the connection carries. */
const largestPartBytes = 256 * 1024;
const parallelParts = 8;
const empty = new Uint8Array(0);
const notFound = 404;
/** A replica that is asked right after the leader stored a part may not have it yet. */
const looks = 4;
const lookAgainMs = 50;

/** Opens nothing before it is used; a bucket that is missing is made by the first write. */
export function createBlobStore(connection: NatsConnection, requests: RequestReply, options: BlobStoreOptions): BlobStore {
  const { bucket, ttlMs, replicas, maxBytes = -1 } = options;
  const store = createStoredPublish(requests);
  const partSubject = (key: string, part: number): string => `$KV.${bucket}.${key}.${part}`;
  let made: Promise<unknown> | undefined;
  const makeBucket = (): Promise<unknown> => {
    made ??= new Kvm(connection).create(bucket, { ttl: ttlMs, replicas, history: 1, allow_direct: true, max_bytes: maxBytes });
    made.catch(() => {
      made = undefined;
    });
    return made;
  };

  const read = async (subject: string): Promise<Uint8Array | undefined> => {
    for (let look = 1; ; look++) {
      const answer = await requests.ask(`$JS.API.DIRECT.GET.KV_${bucket}.${subject}`, empty);
      if (hasNoResponders(answer)) return undefined;
      if (answer.headers?.code !== notFound) return answer.data;
      if (look === looks) return undefined;
      await pause(lookAgainMs);
    }
  };

  return {
    async prepare() {
      made = undefined;
      await makeBucket();
    },
    async put(key, body) {
      const partBytes = Math.min(largestPartBytes, Math.floor(maxPayloadOf(connection) / 2));
      const parts = Math.max(1, Math.ceil(body.byteLength / partBytes));
      const storeParts = () =>
        inParallel(parts, async (part) => {
          await store(partSubject(key, part), body.subarray(part * partBytes, (part + 1) * partBytes));
        });
      try {
        await storeParts();
      } catch (error) {
        // Nobody takes the subject. A tenant, who may make no bucket, fails here.
        if (!(error instanceof PublishRefusal && error.errorCode === 0)) throw error;
        made = undefined;
        await makeBucket();
        await storeParts();
      }
      return parts;
    },
    async get(key, parts, limits = {}) {
      const { maxBytes: mostBytes = Number.POSITIVE_INFINITY, signal } = limits;
      const found: Uint8Array[] = new Array(parts);
      let bytes = 0;
      let isWhole = true;
      await inParallel(parts, async (part) => {
        signal?.throwIfAborted();
        if (!isWhole || bytes > mostBytes) return;
        const arrived = await read(partSubject(key, part));
        if (arrived) found[part] = arrived;
        else isWhole = false;
        bytes += arrived?.byteLength ?? 0;
      });
      if (bytes > mostBytes)
        throw new NocpError("REQUEST_TOO_LARGE", `the stored body has over ${mostBytes} bytes, which are allowed`);
      return isWhole ? Buffer.concat(found, bytes) : undefined;
    },
    async delete(key) {
      const body = new TextEncoder().encode(JSON.stringify({ filter: `$KV.${bucket}.${key}.*` }));
      await requests.ask(`$JS.API.STREAM.PURGE.KV_${bucket}`, body);
    },
  };
}

/** Runs `work` for 0 to `count` - 1, some at a time. */
async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(parallelParts, count) }, run));
}

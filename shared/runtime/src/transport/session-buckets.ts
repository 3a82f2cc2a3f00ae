// The two buckets of sessions: heads, which change by compare-and-set, and turns, which never change.
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { type KV, type KvEntry, Kvm } from "@nats-io/kv";
import { type NatsConnection, nanos } from "@nats-io/nats-core";
import { bucketKeys } from "./bucket-keys.ts";

/**
 * Services read both through the stream's leader: the turn that a copy does not have yet may be the one that is asked about.
 * Tenants read their own by direct gets, whose subject says which key is meant.
 */
export interface SessionBuckets {
  readonly heads: KV;
  readonly turns: KV;
  /** Of the heads' bucket; deleted ones may be among them. @param filter with NATS's wildcards. */
  headKeys(filter: string): Promise<string[]>;
  /** Deletes all keys of the turns' bucket that begin with these tokens, for good and without a trace. */
  purgeTurns(prefix: string): Promise<void>;
}

export const headsBucket = "nocp_sessions";
export const turnsBucket = "nocp_session_turns";
export const sessionBucketNames = [headsBucket, turnsBucket] as const;

export interface SessionBucketOptions {
  /** How long an entry is kept after it was written, in milliseconds; 0 for ever. */
  readonly ttlMs: number;
  readonly replicas: number;
  /** Gives buckets that are there already the time to live above. */
  readonly applyTtl: boolean;
}

/** Opens the buckets, made if they are missing. */
export async function openSessionBuckets(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: SessionBucketOptions,
): Promise<SessionBuckets> {
  const kvm = new Kvm(connection);
  const open = async (bucket: string): Promise<KV> => {
    await kvm.create(bucket, {
      ttl: options.ttlMs,
      replicas: options.replicas,
      history: 1,
      allow_direct: true,
    });
    if (options.applyTtl) await applySettings(manager, `KV_${bucket}`, nanos(options.ttlMs));
    return await kvm.open(bucket, { allow_direct: false });
  };
  return {
    heads: await open(headsBucket),
    turns: await open(turnsBucket),
    headKeys: (filter) => bucketKeys(manager, headsBucket, filter),
    async purgeTurns(prefix) {
      await manager.streams.purge(`KV_${turnsBucket}`, { filter: `$KV.${turnsBucket}.${prefix}.>` });
    },
  };
}

async function applySettings(manager: JetStreamManager, stream: string, maxAgeNs: number): Promise<void> {
  const { config } = await manager.streams.info(stream);
  if (config.max_age === maxAgeNs && config.allow_direct) return;
  await manager.streams.update(stream, { ...config, max_age: maxAgeNs, allow_direct: true });
}

/** Codes of JetStream's API for "the key is not as it was expected"; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const conflictCodes: ReadonlySet<number> = new Set([10071, 10164]);

/** Whether a compare-and-set, or the creation of a key, failed because somebody else was there first. */
export const isConflict = (error: unknown): boolean => error instanceof JetStreamApiError && conflictCodes.has(error.code);

/** The entry that stands under a key; `undefined` for none and for a deleted one. */
export async function liveEntry(kv: KV, key: string): Promise<KvEntry | undefined> {
  const entry = await kv.get(key);
  return entry?.operation === "PUT" ? entry : undefined;
}

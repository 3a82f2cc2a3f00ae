// States that all replicas change together, in JetStream KV, in memory: a state that is lost is learned again.
import { StorageType } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import { createLocalState, type SharedState } from "../stores/shared-state.ts";
import { bucketName } from "./record-store.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

export interface SharedStateOptions<T> {
  readonly bucket: string;
  readonly schema: z.ZodType<T>;
  /** A state that nobody changes for so long is forgotten, in milliseconds. */
  readonly ttlMs: number;
  readonly replicas: number;
}

/** A broker that takes longer is not waited for. */
const patienceMs = 1_000;
/** How long the process goes on by itself then. */
const aloneMs = 5_000;
const mostConflicts = 20;

/** Keys may hold any characters. */
export async function openSharedState<T>(
  connection: NatsConnection,
  { bucket, schema, ttlMs, replicas }: SharedStateOptions<T>,
): Promise<SharedState<T>> {
  const kv = await new Kvm(connection).create(bucketName(bucket), {
    ttl: ttlMs,
    replicas,
    history: 1,
    storage: StorageType.Memory,
    allow_direct: false,
  });
  const local = createLocalState<T>();
  let aloneUntil = 0;
  const keyOf = (key: string): string => Buffer.from(key).toString("base64url");
  const read = async (key: string) => {
    const entry = await liveEntry(kv, keyOf(key));
    // A state of another version is begun anew.
    return entry && { revision: entry.revision, value: schema.safeParse(entry.json()).data };
  };
  /** Through the broker, or else alone. */
  const either = async <R>(together: () => Promise<R>, alone: () => Promise<R>): Promise<R> => {
    if (performance.now() < aloneUntil) return alone();
    try {
      return await within(together(), patienceMs);
    } catch {
      aloneUntil = performance.now() + aloneMs;
      return alone();
    }
  };
  return {
    change: (key, change) =>
      either(
        async () => {
          for (let conflicts = 0; conflicts < mostConflicts; conflicts++) {
            const stored = await read(key);
            const { next, result } = change(stored?.value);
            if (next === undefined || (await swap(kv, keyOf(key), stored?.revision, JSON.stringify(next)))) return result;
          }
          throw new Error("the state changes too often");
        },
        () => local.change(key, change),
      ),
    get: (key) =>
      either(
        async () => (await read(key))?.value,
        () => local.get(key),
      ),
  };
}

/** @returns false when somebody else was first. */
async function swap(kv: KV, key: string, revision: number | undefined, body: string): Promise<boolean> {
  try {
    await (revision === undefined ? kv.create(key, body) : kv.update(key, body, revision));
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}

async function within<R>(work: Promise<R>, limitMs: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the broker does not answer")), limitMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

// States that all replicas change together, in JetStream KV, in memory: a state that is lost is learned again.
import { type JetStreamManager, StorageType } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import type { z } from "zod";
import { createBatchedChanges } from "../stores/batched-changes.ts";
import { type Change, createLocalState, type SharedState } from "../stores/shared-state.ts";
import { bucketKeys } from "./bucket-keys.ts";
import { bucketName } from "./record-store.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

export interface SharedStateOptions<T> {
  readonly manager: JetStreamManager;
  readonly bucket: string;
  readonly schema: z.ZodType<T>;
  /** A state that nobody changes for so long is forgotten, in milliseconds. */
  readonly ttlMs: number;
  readonly replicas: number;
  /** Kept on the disk, and changed by the broker's answer only: for what counts money. */
  readonly isDurable?: boolean;
}

/** A broker that takes longer is not waited for. */
const patienceMs = 1_000;
/** How long the process goes on by itself then. */
const aloneMs = 5_000;
/** After a conflict, so that replicas do not meet again at once: random, and longer with each. */
const conflictPause = { firstMs: 2, longestMs: 50 };

/** Keys may hold any characters. */
export async function openSharedState<T>(
  connection: NatsConnection,
  { manager, bucket, schema, ttlMs, replicas, isDurable = false }: SharedStateOptions<T>,
): Promise<SharedState<T>> {
  const kv = await new Kvm(connection).create(bucketName(bucket), {
    ttl: ttlMs,
    replicas,
    history: 1,
    storage: isDurable ? StorageType.File : StorageType.Memory,
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
  /** Through the broker, or else alone. `together` stops when its signal fires. */
  const either = async <R>(together: (signal: AbortSignal) => Promise<R>, alone: () => Promise<R>): Promise<R> => {
    if (!isDurable && performance.now() < aloneUntil) return alone();
    const controller = new AbortController();
    try {
      return await within(together(controller.signal), patienceMs);
    } catch (error) {
      controller.abort();
      if (isDurable) throw error;
      aloneUntil = performance.now() + aloneMs;
      return alone();
    }
  };
  /** Alone, the process goes on from what it saw last. */
  const seen = (key: string, state: T | undefined): Promise<void> =>
    local.change(key, () => ({ ...(state === undefined ? {} : { next: state }), result: undefined }));
  const changeTogether = async <R>(key: string, change: (current: T | undefined) => Change<T, R>, signal: AbortSignal) => {
    for (let conflicts = 0; ; conflicts++) {
      const stored = await read(key);
      signal.throwIfAborted();
      const { next, result } = change(stored?.value);
      if (next === undefined || (await swap(kv, keyOf(key), stored?.revision, JSON.stringify(next)))) {
        await seen(key, next ?? stored?.value);
        return result;
      }
      const pauseMs = Math.min(conflictPause.longestMs, conflictPause.firstMs * 2 ** conflicts);
      await new Promise((resolve) => setTimeout(resolve, pauseMs * Math.random()));
    }
  };
  return {
    change: createBatchedChanges<T>((key, change) =>
      either(
        (signal) => changeTogether(key, change, signal),
        () => local.change(key, change),
      ),
    ),
    get: (key) =>
      either(
        async () => {
          const value = (await read(key))?.value;
          await seen(key, value);
          return value;
        },
        () => local.get(key),
      ),
    async entries() {
      const entries = new Map<string, T>();
      for (const stored of await bucketKeys(manager, bucketName(bucket))) {
        const key = Buffer.from(stored, "base64url").toString();
        const found = await read(key);
        if (found?.value !== undefined) entries.set(key, found.value);
      }
      return entries;
    },
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

// The keys of the HTTP API in memory, as the broker has them at any moment.
import { digestOfKey, type GatewayKey, isExpired } from "@nocp/contracts/gateway-key.ts";
import type { KeyStore } from "@nocp/runtime/stores/keys/key-store.ts";

export interface KeyRing {
  /** The key that a caller showed; undefined for none that is valid now. */
  find(secret: string): GatewayKey | undefined;
  /** Whether there are no keys, valid or not, but those of operators: these alone close nothing to callers of this machine. */
  readonly isEmpty: boolean;
  stop(): void;
}

/** Follows the store, so that a key works, and stops working, at once and without a look-up in each call. */
export async function openKeyRing(store: Pick<KeyStore, "watch">, now: () => number): Promise<KeyRing> {
  const keys = new Map<string, GatewayKey>();
  let callers = 0;
  const stop = await store.watch((digest, key) => {
    if (key) keys.set(digest, key);
    else keys.delete(digest);
    callers = [...keys.values()].filter(({ admin }) => !admin).length;
  });
  return {
    find(secret) {
      const key = keys.get(digestOfKey(secret));
      return key && !isExpired(key, now()) ? key : undefined;
    },
    get isEmpty() {
      return callers === 0;
    },
    stop,
  };
}

// The contract of the HTTP API's keys; the transport keeps them in JetStream.
import type { GatewayKey } from "@nocp/contracts/gateway-key.ts";

export interface KeyStore {
  /** Newest first. */
  list(): Promise<GatewayKey[]>;
  put(key: GatewayKey): Promise<void>;
  delete(digest: string): Promise<void>;
  /**
   * Tells all keys that there are, then every change as it happens.
   * @param onChange is given `undefined` for a key that was deleted.
   * @returns once all keys were told; stops the watch when it is called.
   */
  watch(onChange: (digest: string, key: GatewayKey | undefined) => void): Promise<() => void>;
}

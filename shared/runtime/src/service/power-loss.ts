// What may be said of accepted requests and a power failure. A client of NATS cannot see the server's sync_interval.
import type { ConfigEntry } from "../config/load-config.ts";
import { isAtLeast, oldestSyncingVersion } from "../transport/server-capabilities.ts";

/**
 * Whether a power failure can lose what NATS has acknowledged, in words for /readyz and `./nocp doctor`.
 * @param sync the entry of the setting `nats.sync`. @param serverVersion of the server that is connected to.
 */
export function powerLossCoverage({ value, origin }: Pick<ConfigEntry, "value" | "origin">, serverVersion: string): string {
  if (!isAtLeast(serverVersion, oldestSyncingVersion)) {
    return `not covered: nats-server ${serverVersion} cannot sync every write, ${oldestSyncingVersion} and newer can`;
  }
  if (value === "periodic") return "not covered: nats.sync is periodic";
  return origin === "default" ? "covered if the NATS server's sync_interval is always" : "covered";
}

// What the connected nats-server can do: the one place that compares versions.

export interface ServerCapabilities {
  /** `+TERM <reason>` is understood; older servers ignore it, and redeliver the message. */
  readonly termReason: boolean;
}

/** The oldest nats-server NOCP runs on: Debian 12's. */
export const oldestServerVersion = "2.9.10";

/** The oldest nats-server that can write every message to the disk before it acknowledges it (`sync_interval: always`). */
export const oldestSyncingVersion = "2.10.0";

const partsOf = (version: string): number[] =>
  version
    .split(/[.-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);

/** Whether `version` is `least` or newer; a pre-release counts as its release. */
export function isAtLeast(version: string, least: string): boolean {
  const have = partsOf(version);
  for (const [index, wanted] of partsOf(least).entries()) {
    const found = have[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

/** @param version as the server reports it, e.g. `2.9.10`. */
export const serverCapabilities = (version: string): ServerCapabilities => ({
  termReason: isAtLeast(version, "2.10.4"),
});

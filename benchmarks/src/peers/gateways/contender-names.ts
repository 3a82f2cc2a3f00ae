// The rows of the report.
import { litellmVersion, portkeyVersion } from "../install-gateways.ts";

export const litellmWorkers = 2;

/** Where it does not say synced, the broker answers before a write is on the disk; `./nocp up` syncs every write. */
export const contenderNames = {
  control: "model server, directly",
  portkey: `Portkey ${portkeyVersion}`,
  litellm: `LiteLLM ${litellmVersion}, ${litellmWorkers} workers`,
  direct: "NOCP, direct path",
  ask: "NOCP, five processes, ask()",
  queue: "NOCP, five processes",
  queueSynced: "NOCP, five processes, synced",
  chain: "NOCP, chain",
  chainSynced: "NOCP, chain, synced",
} as const;

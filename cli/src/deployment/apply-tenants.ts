// Tells a running nats-server of the tenants in the file, and waits until it has them.
import { pause } from "@nocp/contracts/retry.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { ensureCredentials } from "@nocp/runtime/accounts/credentials.ts";
import { natsAccountsFile } from "@nocp/runtime/accounts/nats-accounts.ts";
import { writeNatsAccounts } from "@nocp/runtime/accounts/server-files.ts";
import { readTenants } from "@nocp/runtime/accounts/tenants-file.ts";
import { natsSection } from "@nocp/runtime/config/sections.ts";
import { dropCredentials } from "@nocp/runtime/config/url-credentials.ts";
import { tenantReach } from "@nocp/runtime/transport/tenant-reach.ts";
import type { IssuedCredential } from "./change-tenants.ts";
import { isAlive, type RunState } from "./run-state.ts";

/** A running server whose accounts are in a file. */
export interface TenantServer {
  /** Without a user. */
  readonly natsUrl: string;
  /** Makes it read the file again. */
  reload(): Promise<void>;
  /** Starts it again, which reads the file in any case. */
  restart(): Promise<void>;
}

const applyTimeoutMs = 30_000;
/** How long the second reading may take. */
const secondReadingMs = 5_000;
const firstLookMs = 50;
const longestLookMs = 1_000;

/**
 * Writes the accounts and makes the server read them; nobody's connection is dropped but that of who is refused now.
 * @param server `undefined` when none runs: it reads the file at its next start.
 * @param issued the tenant that was created or rotated, which is waited for; nobody after a deletion.
 */
export async function applyTenants(
  dataFolder: string,
  natsFolder: string,
  server: TenantServer | undefined,
  issued?: IssuedCredential,
): Promise<void> {
  writeNatsAccounts(natsFolder, natsAccountsFile(ensureCredentials(dataFolder), readTenants(dataFolder)));
  await server?.reload();
  if (server && issued && !(await isReached(server, issued))) await server.restart();
}

/**
 * nats-server 2.9 to 2.15 subscribes the imports of those accounts only that it had before it read them: a new tenant is let
 * in, but reaches nobody until the accounts are read once more.
 */
async function isReached({ natsUrl, reload }: TenantServer, { user, password }: IssuedCredential): Promise<boolean> {
  const nats = { ...defaultsOf(natsSection), url: natsUrl, user, password };
  let giveUpAt = performance.now() + applyTimeoutMs;
  let isToldAgain = false;
  for (let lookMs = firstLookMs; performance.now() < giveUpAt; lookMs = Math.min(2 * lookMs, longestLookMs)) {
    // Whoever connects while the server reads may have to try again.
    const reach = await tenantReach(nats).catch(() => undefined);
    if (reach === "connected") return true;
    if (reach === "apart" && !isToldAgain) {
      isToldAgain = true;
      giveUpAt = performance.now() + secondReadingMs;
      await reload();
    }
    await pause(lookMs);
  }
  return false;
}

const pollMs = 20;

/** What `./nocp up` runs, which starts the server again when it ends. */
export function ownTenantServer(running: RunState | undefined): TenantServer | undefined {
  const pid = running?.processes.find(({ name }) => name === "nats-server")?.pid;
  if (!running || !pid) return undefined;
  return {
    natsUrl: dropCredentials(running.natsUrl),
    reload: async () => void process.kill(pid, "SIGHUP"),
    async restart() {
      process.kill(pid, "SIGTERM");
      const giveUpAt = performance.now() + applyTimeoutMs;
      while (isAlive(pid) && performance.now() < giveUpAt) await pause(pollMs);
    },
  };
}

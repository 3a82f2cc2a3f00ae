// The credentials of a deployment in containers, as files: each container is given its own password and no other.
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { processRoles } from "@nocp/contracts/topology.ts";
import { credentialsFileOf, ensureCredentials } from "./credentials.ts";
import { localAccessFileOf, writeLocalAccess } from "./local-access.ts";
import { natsAccountsFile } from "./nats-accounts.ts";
import { replaceSecretFile } from "./secret-file.ts";
import { accountsFile, writeNatsAccounts } from "./server-files.ts";
import { readTenants } from "./tenants-file.ts";

interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface ContainerAccessOptions {
  /** Where programs outside of the containers reach NATS. */
  readonly natsUrl: string;
  /** Of the folder: who runs the deployment, and uses the administrator's and the default tenant's credentials. */
  readonly owner: FileOwner;
  /** What services run as. */
  readonly serviceUser: FileOwner;
}

/**
 * Makes what is missing in the folder: `credentials.json`, `default.env`, `nats/accounts.conf` and `<service>/password`, with the chain among the services.
 * What is there stays. Needs the right to give files away.
 */
export function writeContainerAccess(folder: string, { natsUrl, owner, serviceUser }: ContainerAccessOptions): void {
  const credentials = ensureCredentials(folder);
  writeLocalAccess(folder, natsUrl, credentials.default);
  writeNatsAccounts(join(folder, "nats"), natsAccountsFile(credentials, readTenants(folder)));
  for (const path of [
    folder,
    credentialsFileOf(folder),
    localAccessFileOf(folder),
    join(folder, "nats"),
    join(folder, "nats", accountsFile),
  ])
    chownSync(path, owner.uid, owner.gid);
  // The job that makes streams is the administrator.
  const readers = { ...Object.fromEntries(processRoles.map((name) => [name, credentials[name]])), provision: credentials.admin };
  for (const [name, { password }] of Object.entries(readers)) {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    replaceSecretFile(join(own, "password"), password);
    for (const path of [own, join(own, "password")]) chownSync(path, serviceUser.uid, serviceUser.gid);
    chmodSync(own, 0o700);
  }
}

// What a NATS server finds on its disk: the file of its accounts, and the streams of the account of the services.
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { servicesAccount } from "./nats-accounts.ts";
import { replaceSecretFile } from "./secret-file.ts";

export const accountsFile = "accounts.conf";

/** Beside the configuration, which includes it: it alone changes with the tenants. */
export const writeNatsAccounts = (folder: string, accounts: string): void =>
  replaceSecretFile(join(folder, accountsFile), accounts);

/** Before there were accounts, streams were in the one that a server has without any. Call it before the server starts. */
export function adoptStreams(storeFolder: string): void {
  const [former, own] = ["$G", servicesAccount].map((account) => join(storeFolder, "jetstream", account)) as [string, string];
  if (existsSync(former) && !existsSync(own)) renameSync(former, own);
}

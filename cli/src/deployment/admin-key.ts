// The admin key of what `./nocp up` runs: made at the first start, printed once, and kept for this machine's user.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOfKey } from "@nocp/contracts/gateway-key.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { createKeyIssuer } from "@nocp/gateway/keys/key-issuer.ts";
import { replaceSecretFile } from "@nocp/runtime/accounts/secret-file.ts";
import { createKeyBudgets } from "@nocp/runtime/budgets/stored-budgets.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";

export const adminKeyFileOf = (dataFolder: string): string => join(dataFolder, "admin.key");

const adminKeyName = "made by ./nocp up";

/**
 * Makes an admin key when the deployment has none, and writes it into a file that only this user can read.
 * @returns the new key, to be shown this once; undefined when there is one.
 */
export async function ensureAdminKey(
  broker: Pick<Broker, "keys" | "durableState">,
  dataFolder: string,
  now: () => number,
): Promise<string | undefined> {
  const keys = await broker.keys();
  const isThere = (await keys.list()).some(({ admin, expiresAt }) => admin && expiresAt === null);
  if (isThere) return undefined;
  const { secret } = await createKeyIssuer({ keys, budgets: createKeyBudgets(broker), now }).create({
    ...{ name: adminKeyName, tenant: defaultTenant, models: [], lanes: [], compression: null, admin: true },
    ...{ lifetimeMs: null, allowances: [] },
  });
  replaceSecretFile(adminKeyFileOf(dataFolder), secret);
  return secret;
}

/**
 * Looks whether the file holds the key with this id, before the key is replaced.
 * @returns writes the new key into the file; undefined where the file holds another key, or there is none.
 */
export async function adminKeyWriter(
  broker: Pick<Broker, "keys">,
  dataFolder: string,
  id: string,
): Promise<((secret: string) => void) | undefined> {
  const file = adminKeyFileOf(dataFolder);
  if (!existsSync(file)) return undefined;
  const digest = digestOfKey(readFileSync(file, "utf8").trim());
  const isItsKey = (await (await broker.keys()).list()).some((key) => key.id === id && key.digest === digest);
  return isItsKey ? (secret) => replaceSecretFile(file, secret) : undefined;
}

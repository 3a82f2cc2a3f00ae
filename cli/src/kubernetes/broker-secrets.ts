// Users for a broker of one's own, as Secrets: one for each service, the administrator and each tenant, and one with the accounts
// that the broker's configuration includes.
import { defaultTenant, processRoles } from "@nocp/contracts/topology.ts";
import { type Credential, ensureCredentials } from "@nocp/runtime/accounts/credentials.ts";
import { natsAccountsFile } from "@nocp/runtime/accounts/nats-accounts.ts";
import { accountsFile } from "@nocp/runtime/accounts/server-files.ts";
import { readTenants } from "@nocp/runtime/accounts/tenants-file.ts";
import { createTenant, deleteTenant } from "../deployment/change-tenants.ts";

export interface BrokerSecretsOptions {
  readonly namespace: string;
  /** What the names of the Secrets begin with, as the chart's value `broker.userSecrets` says. */
  readonly prefix: string;
  /** All tenants beside `default`; `undefined` leaves them as they are. */
  readonly tenants: readonly string[] | undefined;
}

export interface Secret {
  readonly apiVersion: "v1";
  readonly kind: "Secret";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly stringData: Readonly<Record<string, string>>;
}

/**
 * Makes the passwords that are missing, and keeps them in the folder: the same call gives the same Secrets. Only a tenant's is
 * given once, when it is made: its password is not kept.
 * @param folder of this deployment alone.
 * @throws NocpError USAGE for a name that no tenant can have.
 */
export function brokerSecrets(folder: string, { namespace, prefix, tenants }: BrokerSecretsOptions, now: number): Secret[] {
  const secretOf = (name: string, stringData: Readonly<Record<string, string>>): Secret => ({
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: `${prefix}-${name}`, namespace } },
    stringData,
  });
  const login = (name: string, { user, password }: Pick<Credential, "user" | "password">) =>
    secretOf(name, { NATS_USER: user, NATS_PASSWORD: password });
  const credentials = ensureCredentials(folder);
  const issued = tenants === undefined ? [] : changeTenants(folder, tenants, now);
  return [
    ...[...processRoles, "admin" as const].map((name) => login(name, credentials[name])),
    login(`tenant-${defaultTenant}`, credentials[defaultTenant]),
    ...issued.map((credential) => login(`tenant-${credential.user}`, credential)),
    secretOf("accounts", { [accountsFile]: natsAccountsFile(credentials, readTenants(folder)) }),
  ];
}

/** @returns the credentials of those that are new. */
function changeTenants(folder: string, wanted: readonly string[], now: number) {
  const known = readTenants(folder).map(({ name }) => name);
  for (const name of known) if (!wanted.includes(name)) deleteTenant(folder, name);
  return wanted.filter((name) => !known.includes(name)).map((name) => createTenant(folder, name, {}, now));
}

// Creates, rotates and deletes tenants in the file of this machine.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import type { Tenant, TenantSettings } from "@nocp/contracts/tenant.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { hashOfPassword, newPassword } from "@nocp/runtime/accounts/credentials.ts";
import { readTenants, writeTenants } from "@nocp/runtime/accounts/tenants-file.ts";

/** What a tenant connects with. The password is not kept: whoever loses it rotates. */
export interface IssuedCredential {
  readonly tenant: Tenant;
  readonly user: string;
  readonly password: string;
}

/** @throws NocpError USAGE for a name that no tenant can have, or one that is taken. */
export function createTenant(dataFolder: string, name: string, settings: TenantSettings, now: number): IssuedCredential {
  if (!sessionIdPattern.test(name))
    throw new NocpError("USAGE", `${JSON.stringify(name)} cannot be the name of a tenant`, {
      advice: "Use letters, digits, - and _ only, at most 128, first a letter or digit.",
    });
  const tenants = readTenants(dataFolder);
  if (name === defaultTenant || tenants.some((tenant) => tenant.name === name))
    throw new NocpError("USAGE", `there is already a tenant ${name}`, {
      advice: `./nocp tenants rotate ${name} issues a new password.`,
    });
  const password = newPassword();
  const tenant: Tenant = { v: 1, name, createdAt: now, passwordHash: hashOfPassword(password), settings };
  writeTenants(dataFolder, [...tenants, tenant]);
  return { tenant, user: name, password };
}

/** Issues another password; the former one is refused from then on. @throws NocpError USAGE for a tenant that is not there. */
export function rotateTenant(dataFolder: string, name: string): IssuedCredential {
  const former = existing(dataFolder, name);
  const password = newPassword();
  const tenant = { ...former, passwordHash: hashOfPassword(password) };
  writeTenants(
    dataFolder,
    readTenants(dataFolder).map((other) => (other.name === name ? tenant : other)),
  );
  return { tenant, user: name, password };
}

/** Its user is refused from then on; what it stored expires. @throws NocpError USAGE for a tenant that is not there. */
export function deleteTenant(dataFolder: string, name: string): void {
  existing(dataFolder, name);
  writeTenants(
    dataFolder,
    readTenants(dataFolder).filter((other) => other.name !== name),
  );
}

function existing(dataFolder: string, name: string): Tenant {
  const found = readTenants(dataFolder).find((tenant) => tenant.name === name);
  if (found) return found;
  const advice =
    name === defaultTenant
      ? "The tenant default is always there. Its password changes when credentials.json is deleted and ./nocp up starts again."
      : "./nocp tenants list shows them.";
  throw new NocpError("USAGE", `there is no tenant ${name} to change`, { advice });
}

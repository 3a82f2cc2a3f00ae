// The accounts and users of the NATS server that ./nocp runs, as a file that its configuration includes.
//
// Services are users of one account, each with what the topology lets it do. Every tenant has an account of its own that
// imports its own subjects and nothing else, so that nothing it publishes, subscribes to or names as a reply subject
// reaches beyond them.

import type { Tenant, TenantSettings } from "@nocp/contracts/tenant.ts";
import { defaultTenant, type ProcessRole, processRoles } from "@nocp/contracts/topology.ts";
import {
  chainPermissions,
  hostingGatewayPermissions,
  type Permissions,
  servicePermissions,
  tenantImports,
} from "../transport/permissions.ts";
import type { Credential, Credentials } from "./credentials.ts";

export const servicesAccount = "nocp";
const tenantAccountOf = (tenant: string): string => `tenant-${tenant}`;

/** JSON is valid in the server's configuration language. */
export function natsAccountsFile(credentials: Credentials, tenants: readonly Tenant[]): string {
  const users = [userOf(credentials.admin), ...processRoles.map((role) => userOf(credentials[role], userPermissions(role)))];
  const everyone: readonly TenantEntry[] = [
    { name: defaultTenant, passwordHash: credentials[defaultTenant].hash, settings: {} },
    ...tenants.filter(({ name }) => name !== defaultTenant),
  ];
  const accounts = {
    [servicesAccount]: { jetstream: "enabled", users, exports: exportsTo(everyone) },
    ...Object.fromEntries(everyone.map((tenant) => [tenantAccountOf(tenant.name), accountOf(tenant)])),
  };
  return `# Written by ./nocp: at every start, and when tenants change.\naccounts: ${JSON.stringify(accounts, null, 2)}`;
}

/** What the user of a process may do. The gateway can host the stages, too. */
export function userPermissions(role: ProcessRole): Permissions {
  if (role === "chain") return chainPermissions();
  return role === "gateway" ? hostingGatewayPermissions() : servicePermissions(role);
}

interface TenantEntry {
  readonly name: string;
  readonly passwordHash: string;
  readonly settings: TenantSettings;
}

const userOf = ({ user, hash }: Credential, permissions?: Permissions) => ({
  user,
  password: hash,
  ...(permissions ? { permissions: permissionsIn(permissions) } : {}),
});

const permissionsIn = ({ publish, subscribe, answers }: Permissions) => ({
  publish: { allow: publish },
  subscribe: { allow: subscribe },
  ...(answers ? { allow_responses: { max: 1, expires: "1m" } } : {}),
});

/** To the one account that may import it. */
const exportsTo = (tenants: readonly TenantEntry[]) =>
  tenants.flatMap(({ name }) => {
    const accounts = [tenantAccountOf(name)];
    const imports = tenantImports(name);
    return [
      ...imports.services.map((service) => ({ service, accounts })),
      ...imports.streams.map((stream) => ({ stream, accounts })),
    ];
  });

function accountOf({ name, passwordHash, settings }: TenantEntry) {
  const imports = tenantImports(name);
  return {
    ...(settings.maxConnections === undefined ? {} : { limits: { max_connections: settings.maxConnections } }),
    users: [{ user: name, password: passwordHash }],
    imports: [
      ...imports.services.map((subject) => ({ service: { account: servicesAccount, subject } })),
      ...imports.streams.map((subject) => ({ stream: { account: servicesAccount, subject } })),
    ],
  };
}

// The settings of tenants in JetStream KV, for services and the gateway to read.
import { jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { type Tenant, tenantSchema } from "@nocp/contracts/tenant.ts";
import type { z } from "zod";
import { bucketKeys } from "./bucket-keys.ts";

export const tenantsBucket = "nocp_tenants";

/** Without what a server compares passwords with. */
const publicTenantSchema = tenantSchema.omit({ passwordHash: true });
export type PublicTenant = z.infer<typeof publicTenantSchema>;

export const openTenantBucket = (connection: NatsConnection, replicas: number): Promise<KV> =>
  new Kvm(connection).create(tenantsBucket, { replicas, history: 1, allow_direct: true });

const tenantKeys = async (connection: NatsConnection): Promise<string[]> =>
  bucketKeys(await jetstreamManager(connection, { checkAPI: false }), tenantsBucket);

/** Makes the bucket hold these tenants and no others. */
export async function writeTenantRecords(
  connection: NatsConnection,
  tenants: readonly Tenant[],
  replicas: number,
): Promise<void> {
  const bucket = await openTenantBucket(connection, replicas);
  const wanted = new Map(tenants.map((tenant) => [tenant.name, publicTenantSchema.parse(tenant)]));
  for (const name of await tenantKeys(connection)) if (!wanted.has(name)) await bucket.purge(name);
  for (const [name, tenant] of wanted) await bucket.put(name, JSON.stringify(tenant));
}

/** By name. */
export async function readTenantRecords(connection: NatsConnection, replicas: number): Promise<PublicTenant[]> {
  const bucket = await openTenantBucket(connection, replicas);
  const tenants: PublicTenant[] = [];
  for (const name of await tenantKeys(connection)) {
    const entry = await bucket.get(name);
    const tenant = entry?.operation === "PUT" ? publicTenantSchema.safeParse(entry.json()).data : undefined;
    if (tenant) tenants.push(tenant);
  }
  return tenants.sort((one, other) => (one.name < other.name ? -1 : 1));
}

// The settings of tenants in JetStream KV, for services and the gateway to read.
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { type Tenant, tenantSchema } from "@nocp/contracts/tenant.ts";

export const tenantsBucket = "nocp_tenants";

/** Without what a server compares passwords with. */
const publicTenantSchema = tenantSchema.omit({ passwordHash: true });

/** Makes the bucket hold these tenants and no others. */
export async function writeTenantRecords(
  connection: NatsConnection,
  tenants: readonly Tenant[],
  replicas: number,
): Promise<void> {
  const bucket = await new Kvm(connection).create(tenantsBucket, { replicas, history: 1, allow_direct: true });
  const wanted = new Map(tenants.map((tenant) => [tenant.name, publicTenantSchema.parse(tenant)]));
  for await (const name of await bucket.keys()) if (!wanted.has(name)) await bucket.purge(name);
  for (const [name, tenant] of wanted) await bucket.put(name, JSON.stringify(tenant));
}

// Everything that a deployment needs of a broker: streams, consumers, buckets and the settings of tenants.
import type { Tenant } from "@nocp/contracts/tenant.ts";
import { type Broker, openBroker } from "../transport/broker.ts";
import type { BrokerOptions } from "../transport/caller-broker.ts";
import { forgetStarts } from "../transport/forget-starts.ts";
import type { TopologyChange } from "../transport/provision.ts";
import { takeOver } from "../transport/take-over/take-over.ts";
import { writeTenantRecords } from "../transport/tenant-records.ts";

const patienceMs = 10_000;

/**
 * Makes what is missing, with the administrator's rights, so that no service needs them; what a release before tenants left
 * is taken over.
 * @param tenants those that there are besides `default`; absent, what is known of them stays.
 * @returns what was made or changed.
 * @throws NocpError NOT_CONNECTED, PROVISIONING_REFUSED.
 */
export async function provisionBroker(
  options: Pick<BrokerOptions, "nats" | "messaging" | "firstConnectTimeoutMs">,
  tenants?: readonly Tenant[],
): Promise<TopologyChange[]> {
  const messaging = { ...options.messaging, provision: "ensure" as const };
  const broker: Broker = await openBroker({ ...options, messaging, name: "nocp-provision" });
  try {
    await takeOver(broker);
    const changes = await broker.provision();
    await forgetStarts(broker, changes);
    await broker.sessions(patienceMs, true);
    if (tenants) await writeTenantRecords(broker.connection, tenants, options.nats.replicas);
    return changes;
  } finally {
    await broker.close();
  }
}

// Makes the streams and buckets of a deployment with the administrator's rights, so that no service needs them.
import { join } from "node:path";
import type { Tenant } from "@nocp/contracts/tenant.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { openBroker } from "@nocp/runtime/transport/broker.ts";
import { forgetStarts } from "@nocp/runtime/transport/forget-starts.ts";
import { takeOver } from "@nocp/runtime/transport/take-over/take-over.ts";
import { writeTenantRecords } from "@nocp/runtime/transport/tenant-records.ts";
import { configFileOf } from "../settings/config-sources.ts";

export interface ProvisionOptions {
  /** With the administrator's user. */
  readonly natsUrl: string;
  /** Where the services have their settings from. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tenants: readonly Tenant[];
}

const connectTimeoutMs = 30_000;
const patienceMs = 10_000;

/** @throws NocpError NOT_CONNECTED, PROVISIONING_REFUSED, INVALID_CONFIGURATION. */
export async function provisionDeployment({ natsUrl, root, environment, tenants }: ProvisionOptions): Promise<void> {
  const config = loadConfig([natsSection, messagingSection], {
    file: configFileOf(root),
    dotenv: join(root, ".env"),
    environment,
  });
  const broker = await openBroker({
    nats: { ...config.section(natsSection), url: natsUrl, user: "", token: "", credentialsFile: "" },
    messaging: { ...config.section(messagingSection), provision: "ensure" },
    name: "nocp-provision",
    firstConnectTimeoutMs: connectTimeoutMs,
  });
  try {
    await takeOver(broker);
    await forgetStarts(broker, await broker.provision());
    await broker.sessions(patienceMs, true);
    await writeTenantRecords(broker.connection, tenants, config.section(natsSection).replicas);
  } finally {
    await broker.close();
  }
}

// Provisions the NATS server that ./nocp runs, with the settings of its folder.
import { join } from "node:path";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import type { Tenant } from "@nocp/contracts/tenant.ts";
import { provisionBroker } from "@nocp/runtime/accounts/provision-broker.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { configFileOf } from "../settings/config-sources.ts";

export interface ProvisionOptions {
  /** With the administrator's user. */
  readonly natsUrl: string;
  /** Where the services have their settings from. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tenants: readonly Tenant[];
}

const firstConnectTimeoutMs = 30_000;

/** @throws NocpError NOT_CONNECTED, PROVISIONING_REFUSED, INVALID_CONFIGURATION. */
export async function provisionDeployment({ natsUrl, root, environment, tenants }: ProvisionOptions): Promise<void> {
  const dotenv = join(root, ".env");
  const config = loadConfig([natsSection, messagingSection], { file: configFileOf(root), dotenv, environment });
  const nats = { ...defaultsOf(natsSection), replicas: config.section(natsSection).replicas, url: natsUrl };
  await provisionBroker({ nats, messaging: config.section(messagingSection), firstConnectTimeoutMs }, tenants);
}

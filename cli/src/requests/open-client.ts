// The client of a command: connected to what is configured, else to what `./nocp up` runs.
import { type Client, createClientOn } from "@nocp/client/create-client.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection, telemetrySection } from "@nocp/runtime/config/sections.ts";
import { startTracing } from "@nocp/runtime/telemetry/start-tracing.ts";
import { type Broker, openBroker } from "@nocp/runtime/transport/broker.ts";
import { type BrokerOptions, openCallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { Environment } from "../command.ts";
import { findRunning } from "../deployment/run-state.ts";
import type { ClientCommandOptions } from "../options/shared-options.ts";
import { configSources } from "../settings/config-sources.ts";

const connectTimeoutMs = 3000;

/** Runs the work with a client and closes it, whatever happens. @throws NocpError NOT_CONNECTED. */
export async function withClient<T>(
  environment: Environment,
  options: ClientCommandOptions,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { brokerOptions, telemetry } = connectionSettings(environment, options);
  const tracing = await startTracing(telemetry, {
    serviceName: "cli",
    version: "0.1.0",
    instanceId: String(process.pid),
  });
  try {
    const broker = await openCallerBroker(brokerOptions);
    const client = createClientOn(broker, telemetry.otlpEndpoint === "" ? undefined : tracing.tracer);
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  } finally {
    await tracing.stop();
  }
}

/** The same for commands that look after the streams or the archive. @throws NocpError NOT_CONNECTED. */
export async function withBroker<T>(
  environment: Environment,
  options: ClientCommandOptions,
  work: (broker: Broker) => Promise<T>,
): Promise<T> {
  const broker = await openBroker(connectionSettings(environment, options).brokerOptions);
  try {
    return await work(broker);
  } finally {
    await broker.close();
  }
}

function connectionSettings(environment: Environment, options: ClientCommandOptions) {
  const flags = { ...options.set, ...(options.natsUrl === undefined ? {} : { "nats.url": options.natsUrl }) };
  const config = loadConfig([natsSection, messagingSection, telemetrySection], configSources(environment, { set: flags }));
  const isConfigured = config.entries.some(({ path, origin }) => path === "nats.url" && origin !== "default");
  const running = isConfigured ? undefined : findRunning(environment.dataFolder);
  const brokerOptions: BrokerOptions = {
    nats: { ...config.section(natsSection), ...(running ? { url: running.natsUrl } : {}) },
    messaging: config.section(messagingSection),
    name: "nocp-client",
    firstConnectTimeoutMs: connectTimeoutMs,
  };
  return { brokerOptions, telemetry: config.section(telemetrySection) };
}

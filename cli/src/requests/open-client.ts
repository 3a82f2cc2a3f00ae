// The client of a command: connected to what is configured, else to what `./nocp up` or compose runs.
import { type Client, createClientOn } from "@nocp/client/create-client.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection, telemetrySection } from "@nocp/runtime/config/sections.ts";
import { dropCredentials } from "@nocp/runtime/config/url-credentials.ts";
import { startTelemetry } from "@nocp/runtime/telemetry/start-telemetry.ts";
import { isExported } from "@nocp/runtime/telemetry/telemetry-signals.ts";
import { type Broker, openBroker } from "@nocp/runtime/transport/broker.ts";
import { type BrokerOptions, openCallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { Environment } from "../command.ts";
import { composeAddress } from "../deployment/compose-server.ts";
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
  const { brokerOptions, telemetrySettings, sources } = connectionSettings(environment, options);
  const telemetry = await startTelemetry({
    settings: telemetrySettings,
    identity: { serviceName: "cli", version: "0.1.0", instanceId: String(process.pid) },
    onProblem: (reason) => options.verbose && environment.terminal.note(`telemetry: ${reason}`),
    only: ["traces"],
    dotenv: sources.dotenv,
  });
  try {
    const broker = await openCallerBroker(brokerOptions);
    const client = createClientOn(broker, isExported(telemetrySettings, "traces") ? telemetry.tracer : undefined);
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  } finally {
    await telemetry.stop();
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
  const sources = configSources(environment, { set: flags });
  const config = loadConfig([natsSection, messagingSection, telemetrySection], sources);
  const isConfigured = config.entries.some(({ path, origin }) => path === "nats.url" && origin !== "default");
  const running = findRunning(environment.dataFolder)?.natsUrl ?? composeAddress(environment.dataFolder);
  const { url } = config.section(natsSection);
  // Its address alone, as a caller may have copied it, means the same server.
  const isRunning = running !== undefined && (!isConfigured || url === dropCredentials(running));
  const brokerOptions: BrokerOptions = {
    nats: { ...config.section(natsSection), ...(isRunning ? { url: running } : {}) },
    messaging: config.section(messagingSection),
    name: "nocp-client",
    firstConnectTimeoutMs: connectTimeoutMs,
  };
  return { brokerOptions, telemetrySettings: config.section(telemetrySection), sources };
}

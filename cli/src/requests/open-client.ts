// The client of a command: connected to what is configured, else to what `./nocp up` runs.
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection, telemetrySection } from "@nocp/runtime/config/sections.ts";
import { startTracing } from "@nocp/runtime/telemetry/start-tracing.ts";
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
  const flags = { ...options.set, ...(options.natsUrl === undefined ? {} : { "nats.url": options.natsUrl }) };
  const config = loadConfig([natsSection, messagingSection, telemetrySection], configSources(environment, { set: flags }));
  const isConfigured = config.entries.some(({ path, origin }) => path === "nats.url" && origin !== "default");
  const running = isConfigured ? undefined : findRunning(environment.dataFolder);
  const telemetry = config.section(telemetrySection);
  const tracing = await startTracing(telemetry, {
    serviceName: "cli",
    version: "0.1.0",
    instanceId: String(process.pid),
  });
  try {
    const client = await createClient({
      nats: { ...config.section(natsSection), ...(running ? { url: running.natsUrl } : {}) },
      messaging: config.section(messagingSection),
      ...(telemetry.otlpEndpoint === "" ? {} : { tracer: tracing.tracer }),
      connectTimeoutMs,
    });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  } finally {
    await tracing.stop();
  }
}

// Creates the streams, consumers and buckets that the services need, and ends: for deployments whose services may not do it
// themselves.
import { reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { provisionBroker } from "@nocp/runtime/accounts/provision-broker.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { processConfigSources } from "@nocp/runtime/config/process-environment.ts";
import { logSection, messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { topologySummary } from "@nocp/runtime/service/log-topology.ts";
import { createLogger } from "@nocp/runtime/telemetry/create-logger.ts";

/** A broker that starts beside the job is waited for. */
const firstConnectTimeoutMs = 60_000;

const config = loadConfig([natsSection, messagingSection, logSection], processConfigSources());
const logger = createLogger(config.section(logSection).level, "provision", false);
try {
  const options = { nats: config.section(natsSection), messaging: config.section(messagingSection), firstConnectTimeoutMs };
  logger.info(topologySummary(await provisionBroker(options)) || "streams and consumers are as they should be");
} catch (error) {
  const { code, message, advice } = reportedErrorOf(error, "act");
  logger.fatal({ code, reason: message, advice }, "provisioning failed");
  process.exitCode = 1;
}

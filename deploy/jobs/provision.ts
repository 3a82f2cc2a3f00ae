// Creates the streams and consumers that the services need, and ends: for deployments whose services may not do it themselves.
import { reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { processConfigSources } from "@nocp/runtime/config/process-environment.ts";
import { logSection, messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { topologySummary } from "@nocp/runtime/service/log-topology.ts";
import { createLogger } from "@nocp/runtime/telemetry/create-logger.ts";
import { openBroker } from "@nocp/runtime/transport/broker.ts";

/** A broker that starts beside the job is waited for. */
const firstConnectTimeoutMs = 60_000;

const config = loadConfig([natsSection, messagingSection, logSection], processConfigSources());
const logger = createLogger(config.section(logSection).level, "provision", false);
try {
  const broker = await openBroker({
    nats: config.section(natsSection),
    messaging: config.section(messagingSection),
    name: "nocp-provision",
    firstConnectTimeoutMs,
  });
  try {
    logger.info(topologySummary(await broker.provision()) || "streams and consumers are as they should be");
  } finally {
    await broker.close();
  }
} catch (error) {
  const { code, message, advice } = reportedErrorOf(error, "act");
  logger.fatal({ code, reason: message, advice }, "provisioning failed");
  process.exitCode = 1;
}

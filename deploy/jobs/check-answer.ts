// Sends one small request through all stages and ends with 0 when it is answered: the check of an installation.
import { createClientOn } from "@nocp/client/create-client.ts";
import { reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { processConfigSources } from "@nocp/runtime/config/process-environment.ts";
import { logSection, messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { createLogger } from "@nocp/runtime/telemetry/create-logger.ts";
import { openCallerBroker } from "@nocp/runtime/transport/caller-broker.ts";

const firstConnectTimeoutMs = 30_000;
/** Pods may still be starting. */
const answerTimeoutMs = 120_000;

const config = loadConfig([natsSection, messagingSection, logSection], processConfigSources());
const logger = createLogger(config.section(logSection).level, "check-answer", false);
try {
  const broker = await openCallerBroker({
    nats: config.section(natsSection),
    messaging: config.section(messagingSection),
    name: "nocp-check-answer",
    firstConnectTimeoutMs,
  });
  const client = createClientOn(broker);
  try {
    // The built-in provider: the check costs nothing, and needs no key.
    const result = await client.ask(
      {
        query: "Which port does the gateway listen on?",
        documents: [{ text: "The gateway listens on port 8080. The broker listens on port 4222." }],
        routing: { provider: "extractive" },
      },
      { timeoutMs: answerTimeoutMs },
    );
    const { requestId, status, latency } = result;
    if (status === "succeeded") logger.info({ requestId, totalMs: latency.totalMs }, "answered");
    else {
      logger.fatal({ requestId, code: result.error?.code, reason: result.error?.message }, "the request failed");
      process.exitCode = 1;
    }
  } finally {
    await client.close();
  }
} catch (error) {
  const { code, message, advice } = reportedErrorOf(error, "act");
  logger.fatal({ code, reason: message, advice }, "no answer");
  process.exitCode = 1;
}

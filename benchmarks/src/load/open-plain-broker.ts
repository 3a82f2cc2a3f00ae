// A connection with the default settings, for the bare pipe.
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { type Broker, openBroker } from "@nocp/runtime/transport/broker.ts";

/** @param copies of its streams. */
export function openPlainBroker(natsUrl: string, copies = 1): Promise<Broker> {
  const config = loadConfig([natsSection, messagingSection]);
  return openBroker({
    nats: { ...config.section(natsSection), url: natsUrl, replicas: copies },
    messaging: config.section(messagingSection),
    name: "bare-pipe",
    firstConnectTimeoutMs: 10_000,
  });
}

// A connection with the default settings, for the bare pipe.
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { type Broker, openBroker } from "@nocp/runtime/transport/broker.ts";

export function openPlainBroker(natsUrl: string): Promise<Broker> {
  const config = loadConfig([natsSection, messagingSection]);
  return openBroker({
    nats: { ...config.section(natsSection), url: natsUrl },
    messaging: config.section(messagingSection),
    name: "bare-pipe",
    firstConnectTimeoutMs: 10_000,
  });
}

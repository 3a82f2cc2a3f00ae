// A stage in the test's own process, put together as a service does, on a real broker, around any handler.

import type { Stage } from "@nocp/contracts/topology.ts";
import type { Tracer } from "@opentelemetry/api";
import { type Logger, pino } from "pino";
import { Registry } from "prom-client";
import { loadConfig } from "../config/load-config.ts";
import { type MessagingSettings, messagingSection, natsSection } from "../config/sections.ts";
import { assembleStage } from "../stage/assemble-stage.ts";
import { type CallsBefore, defineStage, type Handle } from "../stage/handler.ts";
import type { StageRunner } from "../stage/stage-runner.ts";
import type { StageTransport } from "../stage/transport.ts";
import { passTracesOn } from "../telemetry/start-telemetry.ts";
import { createUnrecordedTracer } from "../telemetry/unrecorded-tracer.ts";
import { type Broker, openBroker } from "../transport/broker.ts";
import { createStageTransport } from "../transport/stage-transport.ts";

export const testSettings = (overrides: Partial<MessagingSettings> = {}): MessagingSettings => ({
  ...loadConfig([messagingSection]).section(messagingSection),
  ackWaitMs: 1000,
  retryBaseMs: 10,
  retryMaxMs: 50,
  gracePeriodMs: 1000,
  ...overrides,
});

/** @param replicas copies of every stream: more than one needs a cluster. */
export const openTestBroker = (natsUrl: string, overrides: Partial<MessagingSettings> = {}, replicas = 1): Promise<Broker> =>
  openBroker({
    nats: { ...loadConfig([natsSection]).section(natsSection), url: natsUrl, replicas },
    messaging: testSettings(overrides),
    name: "test",
    firstConnectTimeoutMs: 60_000,
  });

export interface TestStage {
  readonly runner: StageRunner;
  readonly registry: Registry;
  stop(): Promise<void>;
}

export interface TestStageOptions<S extends Stage> {
  readonly tracer?: Tracer;
  readonly logger?: Logger;
  readonly callsBefore?: CallsBefore<S>;
  /** What is done beside passing messages over the broker. */
  readonly around?: (transport: StageTransport) => StageTransport;
}

/** @param broker opened with the settings to use, and provisioned. */
export async function startTestStage<S extends Stage>(
  broker: Broker,
  stage: S,
  handle: Handle<NoInfer<S>>,
  {
    tracer = createUnrecordedTracer(),
    logger = pino({ level: "silent" }),
    callsBefore,
    around,
  }: TestStageOptions<NoInfer<S>> = {},
): Promise<TestStage> {
  passTracesOn();
  const registry = new Registry();
  const runner = await assembleStage({
    definition: defineStage({ stage, handle, callsBefore }),
    transport: around ? around(createStageTransport(broker)) : createStageTransport(broker),
    settings: broker.settings,
    logger,
    tracer,
    registry,
    now: () => performance.timeOrigin + performance.now(),
    random: () => 0.5,
  });
  runner.start();
  return { runner, registry, stop: runner.stop };
}

// A stage runner in the test's own process, on a real broker, around any handler.

import type { Stage } from "@nocp/contracts/topology.ts";
import type { Tracer } from "@opentelemetry/api";
import { pino } from "pino";
import { Registry } from "prom-client";
import { loadConfig } from "../config/load-config.ts";
import { messagingSection, natsSection } from "../config/sections.ts";
import { createEmitter } from "../stage/emit.ts";
import { createAttemptHandler } from "../stage/handle-attempt.ts";
import type { Handle } from "../stage/handler.ts";
import { createMeasureInterceptor } from "../stage/measure-interceptor.ts";
import { composeInterceptors } from "../stage/stage-attempt.ts";
import { createStageRunner, lastSequenceOf, type StageRunner } from "../stage/stage-runner.ts";
import { createTraceInterceptor } from "../stage/trace-interceptor.ts";
import { createUnrecordedTracer } from "../telemetry/unrecorded-tracer.ts";
import { createAttemptLedger } from "../transport/attempt-ledger.ts";
import { type Broker, openBroker } from "../transport/broker.ts";
import { createEventBuffer } from "../transport/event-buffer.ts";
import type { MessagingSettings } from "../transport/stream-definitions.ts";

export const testSettings = (overrides: Partial<MessagingSettings> = {}): MessagingSettings => ({
  ...loadConfig([messagingSection]).section(messagingSection),
  ackWaitMs: 1000,
  retryBaseMs: 10,
  retryMaxMs: 50,
  gracePeriodMs: 1000,
  ...overrides,
});

export const openTestBroker = (natsUrl: string, overrides: Partial<MessagingSettings> = {}): Promise<Broker> =>
  openBroker({
    nats: { ...loadConfig([natsSection]).section(natsSection), url: natsUrl },
    messaging: testSettings(overrides),
    name: "test",
    firstConnectTimeoutMs: 5000,
  });

export interface TestStage {
  readonly runner: StageRunner;
  readonly registry: Registry;
  stop(): Promise<void>;
}

/** @param broker opened with the settings to use, and provisioned. */
export async function startTestStage(broker: Broker, stage: Stage, handle: Handle, tracer?: Tracer): Promise<TestStage> {
  const usedTracer = tracer ?? createUnrecordedTracer();
  const logger = pino({ level: "silent" });
  const registry = new Registry();
  const events = createEventBuffer(broker.connection, stage);
  const now = () => performance.timeOrigin + performance.now();
  const attemptHandler = createAttemptHandler({
    stage,
    handle,
    connection: broker.connection,
    claims: broker.claims,
    isStored: broker.isStored,
    emitter: createEmitter(stage, broker.publisher, broker.results, usedTracer),
    settings: broker.settings,
    tracer: usedTracer,
    logger,
    now,
    random: () => 0.5,
  });
  const runner = createStageRunner({
    stage,
    connection: broker.connection,
    ledger: createAttemptLedger(await broker.bucket("attempts")),
    claims: broker.claims,
    lastSequenceBefore: await lastSequenceOf(broker.manager, stage),
    settings: broker.settings,
    logger,
    now,
    attempt: composeInterceptors(
      [createTraceInterceptor(usedTracer), createMeasureInterceptor(registry, events, now)],
      attemptHandler,
    ),
  });
  runner.start();
  return {
    runner,
    registry,
    stop: async () => {
      await runner.stop();
      events.close();
    },
  };
}

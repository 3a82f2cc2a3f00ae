// Runs a stage's handler as a service: the whole of a stage's main.ts besides its own objects.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { ConsumedFact, Stage } from "@nocp/contracts/topology.ts";
import { createEmitter } from "../stage/emit.ts";
import { createAttemptHandler } from "../stage/handle-attempt.ts";
import type { Handle } from "../stage/handler.ts";
import { createLogInterceptor } from "../stage/log-interceptor.ts";
import { createMeasureInterceptor } from "../stage/measure-interceptor.ts";
import { composeInterceptors } from "../stage/stage-attempt.ts";
import { createStageRunner, lastSequenceOf } from "../stage/stage-runner.ts";
import { createTraceInterceptor } from "../stage/trace-interceptor.ts";
import { createAttemptLedger } from "../transport/attempt-ledger.ts";
import { createEventBuffer } from "../transport/event-buffer.ts";
import { runServiceFrame, type ServiceResources } from "./service-frame.ts";

export interface StageServiceOptions<S extends Stage> {
  readonly stage: S;
  /** The service's own settings, beside those that every service has. */
  readonly sections: readonly Section[];
  readonly create: (resources: ServiceResources) => Handle<ConsumedFact<S>> | Promise<Handle<ConsumedFact<S>>>;
}

/** Resolves when the service runs; it ends the process itself. */
export const runStageService = <S extends Stage>({ stage, sections, create }: StageServiceOptions<S>): Promise<void> =>
  runServiceFrame({
    service: stage,
    sections,
    start: async (resources) => {
      const { broker, logger, tracer, registry, settings } = resources;
      const { connection, claims } = broker;
      const now = () => performance.timeOrigin + performance.now();
      const events = createEventBuffer(connection, stage);
      resources.onRelease(events.close);
      const attemptHandler = createAttemptHandler({
        stage,
        // The stage's durables hand out nothing but the facts it consumes.
        handle: (await create(resources)) as unknown as Handle,
        connection,
        claims,
        isStored: broker.isStored,
        emitter: createEmitter(stage, broker.publisher, broker.results, tracer),
        settings,
        tracer,
        logger,
        now,
        random: Math.random,
      });
      const interceptors = [
        createTraceInterceptor(tracer),
        createMeasureInterceptor(registry, events, now),
        createLogInterceptor(logger),
      ];
      const runner = createStageRunner({
        stage,
        connection,
        ledger: createAttemptLedger(await broker.bucket("attempts")),
        claims,
        lastSequenceBefore: await lastSequenceOf(broker.manager, stage),
        settings,
        logger,
        now,
        attempt: composeInterceptors(interceptors, attemptHandler),
      });
      runner.start();
      return { unreadiness: () => (runner.state === "running" ? undefined : runner.state), stop: () => runner.stop() };
    },
  });

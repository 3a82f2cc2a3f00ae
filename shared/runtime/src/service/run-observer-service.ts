// Runs observability: a handler of batches of events.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { HandleBatch } from "../stores/event-batch.ts";
import type { AnswerCall } from "../stores/service-calls.ts";
import { startBatchRunner } from "../transport/batch-runner.ts";
import { defineQueueGauges } from "../transport/queue-gauges.ts";
import { serveCalls } from "../transport/service-calls.ts";
import { type FrameResources, runServiceFrame } from "./service-frame.ts";

export interface Observer {
  readonly handleBatch: HandleBatch;
  /** What other services may ask, by name. */
  readonly answers: Readonly<Record<string, AnswerCall>>;
}

export interface ObserverServiceOptions {
  readonly sections: readonly Section[];
  readonly create: (resources: FrameResources) => Observer | Promise<Observer>;
}

/** One SQLite transaction holds at most this many events. */
const maxBatch = 500;
const maxWaitMs = 100;

/** Resolves when the service runs; it ends the process itself. */
export const runObserverService = ({ sections, create }: ObserverServiceOptions): Promise<void> =>
  runServiceFrame({
    service: "observability",
    sections,
    start: async (resources) => {
      const { handleBatch, answers } = await create(resources);
      const { manager } = resources.broker;
      defineQueueGauges(resources.registry, async (stream) => (await manager.streams.info(stream)).state, Date.now);
      const runner = startBatchRunner({
        broker: resources.broker,
        handleBatch,
        maxBatch,
        maxWaitMs,
        logger: resources.logger,
      });
      const stopAnswering = serveCalls(resources.broker.connection, "observability", answers);
      return {
        unreadiness: () => (runner.running ? undefined : "draining"),
        stop() {
          stopAnswering();
          return runner.stop();
        },
      };
    },
  });

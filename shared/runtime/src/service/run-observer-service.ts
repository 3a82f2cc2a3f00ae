// Runs observability: a handler of batches of events.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import { type HandleBatch, startBatchRunner } from "../transport/batch-runner.ts";
import { runServiceFrame, type ServiceResources } from "./service-frame.ts";

export interface ObserverServiceOptions {
  readonly sections: readonly Section[];
  readonly create: (resources: ServiceResources) => HandleBatch | Promise<HandleBatch>;
}

/** One SQLite transaction holds at most this many events. */
const MAX_BATCH = 500;
const MAX_WAIT_MS = 100;

/** Resolves when the service runs; it ends the process itself. */
export const runObserverService = ({ sections, create }: ObserverServiceOptions): Promise<void> =>
  runServiceFrame({
    service: "observability",
    sections,
    start: async (resources) => {
      const handleBatch = await create(resources);
      const runner = startBatchRunner({
        connection: resources.broker.connection,
        handleBatch,
        maxBatch: MAX_BATCH,
        maxWaitMs: MAX_WAIT_MS,
        logger: resources.logger,
      });
      return { unreadiness: () => (runner.running ? undefined : "draining"), stop: () => runner.stop() };
    },
  });

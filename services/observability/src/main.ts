// The observability service: events become transactions and metrics.
import { createDeadLetters } from "@nocp/client/dead-letters.ts";
import { telemetrySection } from "@nocp/runtime/config/sections.ts";
import { runObserverService } from "@nocp/runtime/service/run-observer-service.ts";
import { answersOf } from "./answer-calls.ts";
import { observabilitySection } from "./config.ts";
import { createEventBatchHandler } from "./handle-event-batch.ts";
import { createMetrics } from "./metrics.ts";
import { startRetention } from "./retention.ts";
import { openTransactionStore } from "./transaction-store.ts";

await runObserverService({
  sections: [observabilitySection],
  create: async ({ broker, config, logger, registry, onRelease }) => {
    const settings = config.section(observabilitySection);
    const store = openTransactionStore(settings.databaseFile);
    onRelease(() => store.close());
    const stopRetention = startRetention({
      store,
      retentionDays: settings.retentionDays,
      intervalMs: settings.retentionIntervalMs,
      now: Date.now,
      onRun: (outcome) => {
        if ("error" in outcome) logger.error({ err: outcome.error }, "expired transactions could not be deleted");
        else if (outcome.deleted > 0) logger.info({ rows: outcome.deleted }, "expired transactions deleted");
      },
    });
    onRelease(stopRetention);
    const handleBatch = createEventBatchHandler({
      store,
      metrics: createMetrics(registry, { labelValueLimit: config.section(telemetrySection).labelValueLimit }),
      onInvalid: ({ service, kind, sequence }, reason) => logger.warn({ service, kind, sequence, reason }, "event skipped"),
    });
    return { handleBatch, answers: answersOf({ store, deadLetters: createDeadLetters(broker) }) };
  },
});

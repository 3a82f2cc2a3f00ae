// Composition root of llm-router.
import { pause } from "@nocp/contracts/retry.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { calibrationBucket, calibrationSchema } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { messagingSection, outputSchemaSection, promptCacheSection, telemetrySection } from "@nocp/runtime/config/sections.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { createCallMetrics } from "./call-metrics.ts";
import { createCallsBefore } from "./calls-before.ts";
import { completionRecordSchema } from "./completion-record.ts";
import { routerSections } from "./config.ts";
import { createGates } from "./gates/create-gates.ts";
import { createHandler } from "./handle.ts";
import { installProviders } from "./installed-provider.ts";
import { createCalibrationLearner } from "./learn-calibration.ts";
import { createTransports } from "./provider-transport.ts";
import { checkRoutingSettings } from "./routing/check-settings.ts";
import { createRouting } from "./routing/create-routing.ts";
import { promptWorkOf } from "./workers/prompt-work.ts";

export const stage = defineStageService({
  stage: "llm-router",
  sections: routerSections,
  create: async (resources) => {
    const { config, logger, records, onRelease } = resources;
    const settings = config.section(routerSection);
    const telemetry = config.section(telemetrySection);
    const transports = createTransports(processEnvironment().NODE_USE_ENV_PROXY === "1", onRelease);
    const work = promptWorkOf(settings.workers, config.section(outputSchemaSection), onRelease);
    const { answerPrompt } = work;
    const providers = installProviders(vendors, config, (limits) => ({ ...transports(limits), answerPrompt }), settings.models);
    const calibration = createCalibrationLearner({
      records: await records(calibrationBucket, calibrationSchema),
      flushAfterMs: 2_000, // a record a model, not a record a request
      onError: (error) => logger.warn({ err: error }, "cannot write the token calibration of a model"),
    });
    onRelease(calibration.flush);
    const calls = createCallMetrics(resources.registry, { ...telemetry, providers });
    const dependencies = {
      calibration,
      providers,
      settings,
      promptCache: config.section(promptCacheSection),
      reference: checkRoutingSettings(settings, providers),
      routing: createRouting({ providers, settings, read: (section) => config.section(section), observers: [calls] }),
      completions: await records("completions", completionRecordSchema),
      gates: await createGates(resources, providers),
      ...{ random: Math.random, wait: pause },
      recordContent: telemetry.recordContent,
      formerNames: telemetry.formerNames,
      ...{ work, counterFor: createTokenCounter },
      maxAttempts: config.section(messagingSection).maxAttempts,
    };
    return { handle: createHandler(dependencies), callsBefore: createCallsBefore(dependencies) };
  },
});
if (import.meta.main) await runStageService(stage);

// Composition root of llm-router.

import { calibrationBucket, calibrationSchema } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { outputSchemaSection, telemetrySection } from "@nocp/runtime/config/sections.ts";
import { runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { createCallsBefore } from "./calls-before.ts";
import { completionRecordSchema } from "./completion-record.ts";
import { routerSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { installProviders } from "./installed-provider.ts";
import { createCalibrationLearner } from "./learn-calibration.ts";
import { checkRouteSettings } from "./route.ts";
import { createSchemaCheck } from "./schema-check.ts";

/** Gathered so long: a record a model, not a record a request. */
const calibrationFlushMs = 2_000;

await runStageService({
  stage: "llm-router",
  sections: [routerSection, outputSchemaSection, ...vendors.map(({ section }) => section)],
  create: async ({ config, logger, records, onRelease }) => {
    const settings = config.section(routerSection);
    const providers = installProviders(vendors, config, { fetch });
    const calibration = createCalibrationLearner({
      records: await records(calibrationBucket, calibrationSchema),
      flushAfterMs: calibrationFlushMs,
      onError: (error) => logger.warn({ err: error }, "cannot write the token calibration of a model"),
    });
    onRelease(calibration.flush);
    const dependencies = {
      calibration,
      providers,
      settings,
      reference: checkRouteSettings(settings, providers),
      completions: await records("completions", completionRecordSchema),
      recordContent: config.section(telemetrySection).recordContent,
      checkSchema: createSchemaCheck(config.section(outputSchemaSection)),
      countTokens: (text: string, model: string) => createTokenCounter(model).count(text),
    };
    return { handle: createHandler(dependencies), callsBefore: createCallsBefore(dependencies) };
  },
});

// Composition root of assess.
import { routerSection } from "@nocp/models/router-section.ts";
import { calibrationBucket, calibrationSchema, type PromptShape } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { promptCacheSection } from "@nocp/runtime/config/sections.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { createCompressor } from "./compress.ts";
import { assessSection, budgetRulesOf } from "./config.ts";
import { createContextMarks } from "./context-mark.ts";
import { conversationsOf } from "./conversation/conversations-of.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";
import { openModelSpending, spendingSections } from "./model-spending.ts";
import { createLayout } from "./prompt-layout.ts";
import { createCalibrationReader } from "./read-calibration.ts";
import { createTargetOf } from "./target-model.ts";
import { pricesOf } from "./target-prices.ts";
import { createVendorCount, vendorCountSection } from "./vendor-count.ts";
import { warmUp, warmUpMs } from "./warm-up.ts";
import { contextWorkOf } from "./workers/context-work.ts";

export const stage = defineStageService({
  stage: "assess",
  sections: [assessSection, promptCacheSection, ...spendingSections, vendorCountSection, routerSection],
  create: async (resources) => {
    const { config, archive, logger, onRelease, onRunning, records, secret, sessions: openSessions } = resources;
    const settings = config.section(assessSection);
    const calibrationOf = createCalibrationReader({
      records: await records(calibrationBucket, calibrationSchema),
      refreshAfterMs: 10_000, // learned factors change slowly after the first requests
      now: Date.now,
      onError: (error) => logger.warn({ err: error }, "cannot read the token calibration of a model"),
    });
    const counterFor = (model: string | undefined, shape: PromptShape = "plain") =>
      createTokenCounter(model ?? settings.defaultModel, calibrationOf, shape);
    const { services, priceOfCall, metersFor, ...spending } = await openModelSpending(resources);
    const pricesFor = pricesOf(settings.defaultModel, Date.now);
    const own = { strategies: await loadStrategies(), counterFor, rules: budgetRulesOf(settings), pricesFor };
    // Without the models that help: they would be paid for this.
    onRunning(() => void warmUp(createCompressor(own), warmUpMs, () => performance.now()));
    const layout = createLayout(settings.defaultModel, config.section(promptCacheSection).mode, Date.now);
    const work = contextWorkOf(settings, { ...own, services, priceOfCall }, onRelease);
    return createHandler({
      work,
      ...{ counterFor, defaultModel: settings.defaultModel, archive, layout, ...spending },
      targetOf: createTargetOf(config.section(routerSection)),
      maxToolRounds: config.section(routerSection).maxToolRounds,
      payloads: settings.payloads,
      vendorCount: settings.countWith === "vendor" ? createVendorCount(config.section(vendorCountSection)) : undefined,
      ...{ lastMessages: settings.lastMessages, expectedTurns: settings.expectedTurns, prefixCacheMs: settings.prefixCacheMs },
      conversations: conversationsOf(await openSessions(), settings, metersFor, layout.cacheTermsOf, work),
      contextMarkFor: createContextMarks(await secret("context-mark")),
    });
  },
});
if (import.meta.main) await runStageService(stage);

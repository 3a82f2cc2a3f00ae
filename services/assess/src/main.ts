// Composition root of assess.
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { createCompressor } from "./compress.ts";
import { assessSection, budgetRulesOf } from "./config.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";
import { embedderSection, modelServicesOf, priceOfCalls, studentSection } from "./model-settings.ts";
import { pricesOf } from "./target-prices.ts";

await runStageService({
  stage: "assess",
  sections: [assessSection, studentSection, embedderSection],
  create: async ({ config, onRunning }) => {
    const settings = config.section(assessSection);
    const student = config.section(studentSection);
    const embedder = config.section(embedderSection);
    const counterFor = (model: string | undefined) => createTokenCounter(model ?? settings.defaultModel);
    onRunning(() => void counterFor(undefined).count("warm up"));
    return createHandler({
      compressor: createCompressor({
        strategies: await loadStrategies(),
        counterFor,
        rules: budgetRulesOf(settings),
        pricesFor: pricesOf(settings.defaultModel, Date.now),
        services: modelServicesOf(student, embedder),
        priceOfCall: priceOfCalls({ student, embedder }, Date.now),
      }),
      counterFor,
      lastMessages: settings.lastMessages,
      expectedTurns: settings.expectedTurns,
      prefixCacheMs: settings.prefixCacheMs,
    });
  },
});

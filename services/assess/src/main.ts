// Composition root of assess.
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { createCompressor } from "./compress.ts";
import { assessSection, budgetRulesOf } from "./config.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";

await runStageService({
  stage: "assess",
  sections: [assessSection],
  create: async ({ config, archive, onRunning }) => {
    const settings = config.section(assessSection);
    const counterFor = (model: string | undefined) => createTokenCounter(model ?? settings.defaultModel);
    onRunning(() => void counterFor(undefined).count("warm up"));
    return createHandler({
      compressor: createCompressor({ strategies: await loadStrategies(), counterFor, rules: budgetRulesOf(settings) }),
      counterFor,
      lastMessages: settings.lastMessages,
      archive,
    });
  },
});

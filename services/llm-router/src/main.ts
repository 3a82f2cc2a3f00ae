// Composition root of llm-router.
import { telemetrySection } from "@nocp/shared/config/sections.ts";
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { completionRecordSchema } from "./completion-record.ts";
import { routerSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { installProviders, loadProviderDefinitions } from "./load-providers.ts";
import { checkRouteSettings } from "./route.ts";

const definitions = await loadProviderDefinitions();

await runStageService({
  stage: "llm-router",
  sections: [routerSection, ...definitions.map(({ section }) => section)],
  create: async ({ config, records }) => {
    const settings = config.section(routerSection);
    const providers = installProviders(definitions, config, { fetch });
    return createHandler({
      providers,
      settings,
      reference: checkRouteSettings(settings, providers),
      completions: await records("completions", completionRecordSchema),
      recordContent: config.section(telemetrySection).recordContent,
      countTokens: (text, model) => createTokenCounter(model).count(text),
    });
  },
});

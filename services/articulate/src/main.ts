// Composition root of articulate.

import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { outputSchemaSection } from "@nocp/runtime/config/sections.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { articulateSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { createTurnKeeper } from "./keep-turn.ts";

export const stage = defineStageService({
  stage: "articulate",
  sections: [articulateSection, outputSchemaSection],
  create: async ({ config, onRunning, sessions }) => {
    const settings = config.section(articulateSection);
    onRunning(() => void createTokenCounter("").count("warm up"));
    return createHandler({
      formats: await loadFormats(),
      validator: createSchemaValidator(config.section(outputSchemaSection)),
      maxComparedBytes: settings.maxComparedBytes,
      counterFor: createTokenCounter,
      keepTurn: createTurnKeeper(await sessions()),
    });
  },
});
if (import.meta.main) await runStageService(stage);

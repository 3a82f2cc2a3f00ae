// Composition root of articulate.
import { outputSchemaSection } from "@nocp/shared/config/sections.ts";
import { loadFormats } from "@nocp/shared/formats/load-formats.ts";
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import { createSchemaValidator } from "@nocp/shared/schemas/schema-validator.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { articulateSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { createTurnKeeper } from "./keep-turn.ts";

await runStageService({
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

// Composition root of articulate.

import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { outputSchemaSection } from "@nocp/runtime/config/sections.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { articulateSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { createTurnKeeper } from "./keep-turn.ts";
import { answerWorkOf } from "./workers/answer-work.ts";

export const stage = defineStageService({
  stage: "articulate",
  sections: [articulateSection, outputSchemaSection],
  create: async ({ config, onRelease, onRunning, sessions }) => {
    onRunning(() => void createTokenCounter("").count("warm up"));
    const { workers, maxComparedBytes } = config.section(articulateSection);
    const schemas = config.section(outputSchemaSection);
    return createHandler({
      work: await answerWorkOf(workers, { schemas, maxComparedBytes }, onRelease),
      keepTurn: createTurnKeeper(await sessions()),
    });
  },
});
if (import.meta.main) await runStageService(stage);

// Composition root of act.
import { errorNameOf } from "@nocp/contracts/errors/nocp-error.ts";
import { keyProofSecret } from "@nocp/contracts/key-proof.ts";
import { pause } from "@nocp/contracts/retry.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import pLimit from "p-limit";
import { actSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { loadBuiltInTools, openTools } from "./open-tools.ts";
import { createResultCache } from "./result-cache.ts";
import { createRunTools } from "./run-tools.ts";
import { createStrayErrors } from "./stray-errors.ts";
import { sectionsOf } from "./tool-registry.ts";

const builtIn = await loadBuiltInTools();

export const stage = defineStageService({
  stage: "act",
  sections: [actSection, ...sectionsOf(builtIn).filter((section) => section !== actSection)],
  create: async ({ config, archive, logger, onRelease, onUncaught, restart, secret }) => {
    const settings = config.section(actSection);
    const strayErrors = createStrayErrors({
      now: () => performance.now(),
      report: (tool, thrown) => logger.error({ tool, error: errorNameOf(thrown) }, "uncaught exception in a tool"),
      stopService: () => {
        logger.fatal("tools keep throwing after their calls ended: restarting the service");
        restart();
      },
    });
    onUncaught(strayErrors.receive);
    const { registry, runInChild } = await openTools({
      builtIn,
      settings,
      valuesOf: (section) => config.section(section),
      environment: process.env,
      logger,
      onLeftOut: ({ message }) => logger.error({ problem: message }, "a tool is left out"),
      onRelease,
    });
    return createHandler({
      ...settings,
      registry,
      archive,
      keySecret: await secret(keyProofSecret),
      runTools: createRunTools({
        ...settings,
        registry,
        limits: settings,
        strayErrors,
        runInChild,
        limit: pLimit(settings.toolConcurrency),
        cache: createResultCache(settings.cacheMaxBytes),
        random: Math.random,
        sleep: pause,
      }),
    });
  },
});
if (import.meta.main) await runStageService(stage);

// Composition root of act.

import { fileURLToPath } from "node:url";
import { errorNameOf, type NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause } from "@nocp/contracts/retry.ts";
import { runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import pLimit from "p-limit";
import { actSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { provideImports } from "./provide-imports.ts";
import { createResultCache } from "./result-cache.ts";
import { createRunTools } from "./run-tools.ts";
import { createStrayErrors } from "./stray-errors.ts";
import { createToolRegistry, loadTools, loadUserTools, sectionsOf } from "./tool-registry.ts";

const builtIn = await loadTools(fileURLToPath(new URL("./tools", import.meta.url)));

await runStageService({
  stage: "act",
  sections: [actSection, ...sectionsOf(builtIn).filter((section) => section !== actSection)],
  create: async ({ config, archive, logger, onUncaught, restart }) => {
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
    const { toolsDir } = settings;
    if (toolsDir !== "") provideImports(toolsDir);
    const onLeftOut = ({ message }: NocpError) => logger.error({ toolsDir, problem: message }, "a tool is left out");
    // What a file starts as it is loaded belongs to no call.
    const own = await strayErrors.attribute({ toolName: toolsDir, fail: () => false }, async () =>
      toolsDir === "" ? [] : loadUserTools(toolsDir, builtIn, onLeftOut),
    );
    const registry = createToolRegistry([...builtIn, ...own], (section) => config.section(section));
    return createHandler({
      registry,
      archive,
      maxCallsPerRound: settings.maxCallsPerRound,
      acceptKeys: settings.acceptKeys,
      runTools: createRunTools({
        registry,
        limits: settings,
        deadlineShare: settings.deadlineShare,
        maxTotalResultBytes: settings.maxTotalResultBytes,
        strayErrors,
        limit: pLimit(settings.toolConcurrency),
        cache: createResultCache(settings.cacheMaxBytes),
        random: Math.random,
        sleep: pause,
      }),
    });
  },
});

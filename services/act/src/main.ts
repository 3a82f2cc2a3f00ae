// Composition root of act.

import { fileURLToPath } from "node:url";
import { errorNameOf, type NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause } from "@nocp/contracts/retry.ts";
import { runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import pLimit from "p-limit";
import { actSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { startToolProcesses } from "./process/tool-processes.ts";
import { createResultCache } from "./result-cache.ts";
import { createRunTools } from "./run-tools.ts";
import { createStrayErrors } from "./stray-errors.ts";
import { createToolRegistry, loadTools, loadUserTools, sectionsOf } from "./tool-registry.ts";
import { loadDescribedTool } from "./user-tools/load-described-tool.ts";

const builtIn = await loadTools(fileURLToPath(new URL("./tools", import.meta.url)));

await runStageService({
  stage: "act",
  sections: [actSection, ...sectionsOf(builtIn).filter((section) => section !== actSection)],
  create: async ({ config, archive, logger, onRelease, onUncaught, restart }) => {
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
    const { userTools, runInChild, close } = startToolProcesses(settings, process.env, logger);
    onRelease(close);
    const onLeftOut = ({ message }: NocpError) => logger.error({ toolsDir, problem: message }, "a tool is left out");
    const own = userTools ? await loadUserTools(toolsDir, builtIn, onLeftOut, (path) => loadDescribedTool(path, userTools)) : [];
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
        runInChild,
        limit: pLimit(settings.toolConcurrency),
        cache: createResultCache(settings.cacheMaxBytes),
        random: Math.random,
        sleep: pause,
      }),
    });
  },
});

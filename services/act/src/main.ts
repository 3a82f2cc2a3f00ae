// Composition root of act.

import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import pLimit from "p-limit";
import { actSection } from "./config.ts";
import { createHandler } from "./handle.ts";
import { createResultCache } from "./result-cache.ts";
import { createRunTools } from "./run-tools.ts";
import { createToolRegistry, loadTools, sectionsOf } from "./tool-registry.ts";

const ownTools = fileURLToPath(new URL("./tools", import.meta.url));

await runStageService({
  stage: "act",
  sections: [actSection, ...sectionsOf(await loadTools([ownTools])).filter((section) => section !== actSection)],
  create: async ({ config, archive }) => {
    const settings = config.section(actSection);
    const tools = await loadTools([ownTools, ...(settings.toolsDir === "" ? [] : [settings.toolsDir])]);
    const registry = createToolRegistry(tools, (section) => config.section(section));
    return createHandler({
      registry,
      archive,
      runTools: createRunTools({
        registry,
        limits: settings,
        deadlineShare: settings.deadlineShare,
        limit: pLimit(settings.toolConcurrency),
        cache: createResultCache(settings.cacheMaxBytes),
        random: Math.random,
        sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
      }),
    });
  },
});

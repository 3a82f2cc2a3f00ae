// Runs all stages in one process: a request comes off the queue, passes them in memory, and its result is stored.
import { assembleChain } from "../chain/assemble-chain.ts";
import { createStageTransport } from "../transport/stage-transport.ts";
import type { StageService } from "./run-stage-service.ts";
import { runServiceFrame } from "./service-frame.ts";
import type { ServiceHost } from "./service-host.ts";

/** Resolves when the process takes work; it ends the process itself. */
export const runChainService = (stages: readonly StageService[], host?: ServiceHost): Promise<void> =>
  runServiceFrame(
    {
      service: "chain",
      sections: [...new Set(stages.flatMap(({ sections }) => sections))],
      start: async (resources) => {
        const chain = await assembleChain({
          ...resources,
          definitions: await Promise.all(stages.map((stage) => stage.createDefinition(resources))),
          transport: createStageTransport(resources.broker),
          now: () => performance.timeOrigin + performance.now(),
          random: Math.random,
        });
        chain.start();
        return { unreadiness: () => (chain.state === "running" ? undefined : chain.state), stop: chain.stop };
      },
    },
    host,
  );

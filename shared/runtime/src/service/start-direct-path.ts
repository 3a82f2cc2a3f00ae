// All stages within another service's process, for requests whose callers wait there.
import { type DirectChain, startDirectChain } from "../chain/assemble-direct-chain.ts";
import { loadConfig } from "../config/load-config.ts";
import { commonSections } from "../config/sections.ts";
import { createStageTransport } from "../transport/stage-transport.ts";
import type { StageService } from "./run-stage-service.ts";
import type { FrameResources } from "./service-frame.ts";

/** @throws NocpError INVALID_CONFIGURATION, and whatever keeps a stage from starting. */
export async function startDirectPath(resources: FrameResources, stages: readonly StageService[]): Promise<DirectChain> {
  const sections = new Set([...commonSections, ...stages.flatMap((stage) => stage.sections)]);
  const config = loadConfig([...sections], resources.configSources);
  const definitions = await Promise.all(stages.map(({ createDefinition }) => createDefinition({ ...resources, config })));
  return startDirectChain({
    ...resources,
    definitions,
    transport: createStageTransport(resources.broker),
    now: () => performance.timeOrigin + performance.now(),
    random: Math.random,
  });
}

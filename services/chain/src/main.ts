// Composition root of the chain: all stages in one process.
import { stages as stageNames } from "@nocp/contracts/topology.ts";
import { runChainService } from "@nocp/runtime/service/run-chain-service.ts";
import type { StageService } from "@nocp/runtime/service/run-stage-service.ts";

/** By the names of the topology's table, so that a new stage needs no entry here. */
export const stages: readonly StageService[] = await Promise.all(
  stageNames.map(async (name) => ((await import(`@nocp/${name}/main.ts`)) as { readonly stage: StageService }).stage),
);
if (import.meta.main) await runChainService(stages);

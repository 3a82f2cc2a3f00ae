// A stage as a service, and the whole of a stage's process besides its own objects.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { Stage } from "@nocp/contracts/topology.ts";
import { assembleStage } from "../stage/assemble-stage.ts";
import { defineStage, type Handle, type StageDefinition, type StageHandlers } from "../stage/handler.ts";
import { createStageTransport } from "../transport/stage-transport.ts";
import { runServiceFrame, type ServiceResources } from "./service-frame.ts";
import type { ServiceHost } from "./service-host.ts";

type Created<S extends Stage> = Handle<S> | StageHandlers<S>;

export interface StageServiceOptions<S extends Stage> {
  readonly stage: S;
  /** The stage's own settings, beside those that every service has. */
  readonly sections: readonly Section[];
  readonly create: (resources: ServiceResources) => Created<NoInfer<S>> | Promise<Created<NoInfer<S>>>;
}

/** A stage as the process sees it that hosts it, alone or among others. */
export interface StageService {
  readonly stage: Stage;
  readonly sections: readonly Section[];
  createDefinition(resources: ServiceResources): Promise<StageDefinition>;
}

export const defineStageService = <S extends Stage>({ stage, sections, create }: StageServiceOptions<S>): StageService => ({
  stage,
  sections,
  async createDefinition(resources) {
    const created = await create(resources);
    return defineStage({ stage, ...(typeof created === "function" ? { handle: created } : created) });
  },
});

/** Resolves when the service runs; it ends the process itself. */
export const runStageService = ({ stage, sections, createDefinition }: StageService, host?: ServiceHost): Promise<void> =>
  runServiceFrame(
    {
      service: stage,
      sections,
      start: async (resources) => {
        const runner = await assembleStage({
          ...resources,
          definition: await createDefinition(resources),
          transport: createStageTransport(resources.broker),
          now: () => performance.timeOrigin + performance.now(),
          random: Math.random,
        });
        runner.start();
        return { unreadiness: () => (runner.state === "running" ? undefined : runner.state), stop: runner.stop };
      },
    },
    host,
  );

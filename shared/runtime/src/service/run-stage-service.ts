// Runs a stage's handler as a service: the whole of a stage's main.ts besides its own objects.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { Stage } from "@nocp/contracts/topology.ts";
import { assembleStage } from "../stage/assemble-stage.ts";
import { defineStage, type Handle, type StageHandlers } from "../stage/handler.ts";
import { createStageTransport } from "../transport/stage-transport.ts";
import { runServiceFrame, type ServiceResources } from "./service-frame.ts";
import type { ServiceHost } from "./service-host.ts";

type Created<S extends Stage> = Handle<S> | StageHandlers<S>;

export interface StageServiceOptions<S extends Stage> {
  readonly stage: S;
  /** The service's own settings, beside those that every service has. */
  readonly sections: readonly Section[];
  readonly create: (resources: ServiceResources) => Created<NoInfer<S>> | Promise<Created<NoInfer<S>>>;
}

/** Resolves when the service runs; it ends the process itself. */
export const runStageService = <S extends Stage>(
  { stage, sections, create }: StageServiceOptions<S>,
  host?: ServiceHost,
): Promise<void> =>
  runServiceFrame(
    {
      service: stage,
      sections,
      start: async (resources) => {
        const created = await create(resources);
        const handlers = typeof created === "function" ? { handle: created } : created;
        const runner = await assembleStage({
          ...resources,
          definition: defineStage({ stage, ...handlers }),
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

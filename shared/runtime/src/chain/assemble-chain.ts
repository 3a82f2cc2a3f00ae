// The stages of one process put together: each reads its queue at the broker, as a service of its own does, and what another
// stage hands over. Handlers, attempts, deadlines, interceptors and events are those of a service.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { assembleStage, type StageParts } from "../stage/assemble-stage.ts";
import type { StageDefinition } from "../stage/handler.ts";
import type { RunnerState, StageRunner } from "../stage/stage-runner.ts";
import type { StageTransport } from "../stage/transport.ts";
import { createIngressTransport, createLinkTransport } from "./chain-transport.ts";
import { createStageLinks } from "./stage-links.ts";

export interface ChainParts extends Omit<StageParts, "definition"> {
  /** One for each stage. */
  readonly definitions: readonly StageDefinition[];
}

export interface Chain {
  readonly state: RunnerState;
  start(): void;
  /** M6: stops pulling, finishes what came in with all that it led to, and gives back the rest after the grace period. */
  stop(): Promise<void>;
}

/**
 * More than ever come at once: how many there are is decided where they come in. A message handed over that waited for a slot
 * would hold that of its input, and a round of tools leads back to a stage that was passed.
 */
const linkConcurrency = 1_000_000;

/** @returns a chain that is yet to be started. @throws what assembling a stage throws. */
export async function assembleChain(parts: ChainParts): Promise<Chain> {
  const { transport, settings, now } = parts;
  const links = createStageLinks(now);
  const linked = await assembleLinked(parts, createLinkTransport(transport, links));
  const ingress = await assembleAll(parts, createIngressTransport(transport, links));
  const runners = [...linked, ...ingress];
  return {
    get state() {
      return stateOf(runners);
    },
    start() {
      for (const runner of runners) runner.start();
    },
    async stop() {
      const ingressStopped = Promise.all(ingress.map(({ stop }) => stop()));
      const onTimeout = () => new Error("the grace period is over");
      await withTimeLimit(() => ingressStopped, { timeoutMs: settings.gracePeriodMs, onTimeout }).catch(() => undefined);
      links.stop();
      await Promise.all(linked.map(({ stop }) => stop()));
      await ingressStopped;
    },
  };
}

/** Runners of what is handed over. What they hold is finished, or given back, by whoever holds its input. */
export const assembleLinked = (parts: ChainParts, transport: StageTransport): Promise<StageRunner[]> =>
  assembleAll({ ...parts, settings: { ...parts.settings, concurrency: linkConcurrency, gracePeriodMs: 0 } }, transport);

export const stateOf = (runners: readonly StageRunner[]): RunnerState =>
  runners.find(({ state }) => state !== "running")?.state ?? "running";

const assembleAll = ({ definitions, ...parts }: ChainParts, transport: StageTransport): Promise<StageRunner[]> =>
  Promise.all(
    definitions.map((definition) =>
      assembleStage({ ...parts, definition, transport, logger: parts.logger.child({ stage: definition.stage }) }),
    ),
  );

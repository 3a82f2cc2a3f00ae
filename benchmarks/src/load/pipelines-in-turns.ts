// Several pipelines under the same load, in turns, so that a busy moment of the machine hits all of them alike.
import { createClient } from "@nocp/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { Pipeline } from "../servers/start-pipeline.ts";
import { createProcessorTime } from "./processor-time.ts";
import { askOnce } from "./queued-request.ts";
import { type LoadOutcome, type LoadRun, outcomeOf, runLoad } from "./run-load.ts";
import { showProgress } from "./show-progress.ts";

export interface TurnsPlan {
  /** Measured of each pipeline. */
  readonly requests: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly concurrency: number;
}

export interface PipelineOutcome {
  readonly loaded: LoadOutcome;
  /** One request after the other. */
  readonly alone: LoadOutcome;
  /** Of each process for a request under load, in milliseconds. */
  readonly processorMs: Readonly<Record<string, number>>;
}

export interface MeasuredPipeline<Name extends string> {
  readonly name: Name;
  readonly pipeline: Pipeline;
  readonly request: NocpRequestInput;
}

/** How many requests one after the other stand for latency without load. */
const sequentialShare = 0.1;

export async function measureInTurns<Name extends string>(
  pipelines: readonly MeasuredPipeline<Name>[],
  plan: TurnsPlan,
): Promise<Readonly<Record<Name, PipelineOutcome>>> {
  const subjects = await Promise.all(pipelines.map((pipeline) => openSubject(pipeline, plan)));
  try {
    for (let round = 1; round <= plan.rounds; round++) for (const { measure } of subjects) await measure(round);
    return Object.fromEntries(subjects.map(({ name, outcome }) => [name, outcome()])) as Record<Name, PipelineOutcome>;
  } finally {
    for (const { close } of subjects) await close();
  }
}

async function openSubject<Name extends string>(
  { name, pipeline, request }: MeasuredPipeline<Name>,
  { requests, rounds, warmUp, concurrency }: TurnsPlan,
) {
  const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
  const processorTime = createProcessorTime(pipeline.deployment.processes);
  const loaded: LoadRun[] = [];
  const alone: LoadRun[] = [];
  const operation = () => askOnce(client, request);
  return {
    name,
    async measure(round: number): Promise<void> {
      // The first round has the warm-up.
      const isWatched = round > 1 || rounds === 1;
      const share = Math.ceil(requests / rounds);
      const onProgress = showProgress(`${name}, round ${round} of ${rounds}`);
      if (round === 1) await runLoad({ requests: warmUp, warmUp: 0, concurrency, operation });
      if (isWatched) await processorTime.begin();
      loaded.push(await runLoad({ requests: share, warmUp: 0, concurrency, operation, onProgress }));
      if (isWatched) await processorTime.end(share);
      alone.push(await runLoad({ requests: Math.ceil(share * sequentialShare), warmUp: 0, concurrency: 1, operation }));
    },
    outcome: () => ({ loaded: outcomeOf(loaded), alone: outcomeOf(alone), processorMs: processorTime.perRequestMs() }),
    close: client.close,
  };
}

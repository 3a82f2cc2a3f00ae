// The work that grows with a context: done here when it is small, in a worker thread when it would hold up other requests.
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { PromptShape } from "@nocp/models/tokens/calibration.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { createWorkerPool, WorkerCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { chooseStrategies } from "../choose-strategies.ts";
import {
  type CompressedContext,
  type CompressionRequest,
  type Compressor,
  type CompressorDependencies,
  createCompressor,
} from "../compress.ts";
import type { CompressionStrategy } from "../compression-strategy.ts";
import { type assessSection, budgetRulesOf } from "../config.ts";
import type { ModelServices } from "../model-services.ts";
import { compressTaskOf, countTaskOf, snapshotOf, type WorkSettings } from "./work-tasks.ts";

/**
 * From this size on, work goes to a worker thread. 100,000 characters (25,000 tokens of prose) took 40 ms as prose, log lines
 * 45, records 90 and source code 130, on two busy cores of which another program had most.
 */
export const largeCharacters = 100_000;
/** A thread holds the vocabulary and the compiled code; starting one costs the next large request a good part of a second. */
const idleThreadMs = 5 * 60_000;

export interface CountedPrompt {
  readonly counter: TokenCounter;
  readonly model: string;
  readonly shape: PromptShape;
  readonly signal: AbortSignal;
}

export interface ContextWork {
  /**
   * @param characters that the items take as text.
   * @throws what `Compressor.compress` does.
   */
  compress(request: CompressionRequest, characters: number): Promise<CompressedContext>;
  /** Input tokens of a prompt. */
  countPrompt(prompt: Prompt, counted: CountedPrompt): Promise<number>;
}

/** All of it in this thread. */
export const workHere = (compressor: Compressor): ContextWork => ({
  compress: (request) => compressor.compress(request),
  countPrompt: async (prompt, { counter }) => countPrompt(counter, prompt),
});

export interface PooledWorkDependencies {
  readonly compressor: Compressor;
  readonly pool: WorkerPool;
  readonly strategies: readonly CompressionStrategy[];
  readonly services: ModelServices;
  readonly counterFor: (model: string | undefined) => TokenCounter;
  readonly defaultModel: string;
}

/** What is large goes to the pool, unless it needs a model: its calls would keep a thread waiting. */
export function pooledWork(dependencies: PooledWorkDependencies): ContextWork {
  const { compressor, pool, strategies, services, counterFor, defaultModel } = dependencies;
  const here = workHere(compressor);
  const needsModel = ({ mode, strategies: wanted }: CompressionRequest) =>
    mode === "auto" && chooseStrategies(strategies, wanted, services).some(({ requires }) => requires !== undefined);
  return {
    async compress(request, characters) {
      if (characters < largeCharacters || needsModel(request)) return here.compress(request, characters);
      const snapshot = snapshotOf(request.model ?? defaultModel, "plain", counterFor(request.model));
      const task = { name: "compress", argument: compressTaskOf(request, snapshot) };
      return (await pool.run(task, optionsOf(request.signal))) as CompressedContext;
    },
    async countPrompt(prompt, counted) {
      if (charactersOf(prompt) < largeCharacters) return here.countPrompt(prompt, counted);
      const snapshot = snapshotOf(counted.model, counted.shape, counted.counter);
      const task = { name: "countPrompt", argument: countTaskOf(prompt, snapshot) };
      try {
        return (await pool.run(task, optionsOf(counted.signal))) as number;
      } catch (error) {
        // Counting is linear in time and takes little memory: whatever ended the thread, the request need not fail.
        if (error instanceof WorkerCrashed) return here.countPrompt(prompt, counted);
        throw error;
      }
    },
  };
}

/** A pool for the settings; no thread is started before there is work for it. */
export const createWorkPool = (settings: SectionValues<typeof assessSection>): WorkerPool =>
  createWorkerPool({
    script: new URL("./context-worker.ts", import.meta.url),
    size: settings.workers,
    memoryMiB: settings.workerMemoryMiB,
    idleMs: idleThreadMs,
    workerData: { defaultModel: settings.defaultModel, rules: budgetRulesOf(settings) } satisfies WorkSettings,
  });

/** As the settings want it. @param onRelease is told how the threads end. */
export function contextWorkOf(
  settings: SectionValues<typeof assessSection>,
  dependencies: CompressorDependencies & Pick<PooledWorkDependencies, "services">,
  onRelease: (release: () => Promise<void>) => void,
): ContextWork {
  const compressor = createCompressor(dependencies);
  if (settings.workers === 0) return workHere(compressor);
  const pool = createWorkPool(settings);
  onRelease(pool.close);
  return pooledWork({ ...dependencies, compressor, pool, defaultModel: settings.defaultModel });
}

/** What is counted of a prompt, without what stands between its parts. */
function charactersOf({ system, context, query, history, toolRounds, tools }: Prompt): number {
  let characters = system.length + context.length + query.length;
  for (const { text, context: standing = "", toolRequests = [] } of [...history, ...toolRounds]) {
    characters += text.length + standing.length;
    for (const { arguments: values } of toolRequests) characters += writeJson(values).length;
  }
  for (const { description, parameters } of tools) characters += description.length + writeJson(parameters).length;
  return characters;
}

const optionsOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

// The work that grows with a context: done here when it is small, in a worker thread when it would hold up other requests.
import { setImmediate } from "node:timers/promises";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { snapshotOf } from "@nocp/models/tokens/create-token-counter.ts";
import { largeSize, sizeOfTexts } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, unlessCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { countTexts, type TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { chooseStrategies } from "../choose-strategies.ts";
import {
  type CompressedContext,
  type CompressionRequest,
  type Compressor,
  type CompressorDependencies,
  createCompressor,
  createMeter,
} from "../compress.ts";
import { type assessSection, budgetRulesOf } from "../config.ts";
import { type FittedConversation, verbatimReason } from "../conversation/fit-conversation.ts";
import type { TurnReading } from "../conversation/turn-facts.ts";
import { type TurnWork, turnWorkHere } from "../conversation/turn-work.ts";
import { type ShortenedText, shortenTexts } from "../shorten-texts.ts";
import type { loadContextTasks } from "./context-tasks.ts";
import { knownModels, modelAnswers } from "./models-of-main-thread.ts";
import { compressTaskOf, countTaskOf, fitTaskOf, type WorkSettings } from "./work-tasks.ts";

/** How tokens are counted, and for how long anybody waits for it. */
export interface Counting {
  readonly counter: TokenCounter;
  readonly signal: AbortSignal;
}

/** Whatever takes time in proportion to what a request holds. */
export interface ContextWork extends TurnWork {
  /**
   * @param size of the question and the items.
   * @throws what `Compressor.compress` does.
   */
  compress(request: CompressionRequest, size: number): Promise<CompressedContext>;
  /** Input tokens of a prompt. */
  countPrompt(prompt: Prompt, counting: Counting): Promise<number>;
  /** Tokens of texts, all together. */
  countTexts(texts: readonly string[], counting: Counting): Promise<number>;
  /** @param payloadTenant as in `shortenTexts`. @returns one for each text. */
  shortenTexts(texts: readonly string[], counting: Counting, payloadTenant?: string): Promise<readonly ShortenedText[]>;
}

/** All of it in this thread. */
export const workHere = (compressor: Compressor): ContextWork => ({
  ...turnWorkHere,
  compress: (request) => compressor.compress(request),
  countPrompt: async (prompt, { counter }) => countPrompt(counter, prompt),
  countTexts: async (texts, { counter }) => countTexts(texts, counter),
  shortenTexts: async (texts, { counter }, payloadTenant) => shortenTexts(texts, counter, payloadTenant),
});

export interface PooledWorkDependencies extends CompressorDependencies {
  readonly compressor: Compressor;
  readonly pool: WorkerPool;
}

/** What is large goes to the pool. A model that helps is called from here, where its bill is kept. */
export function pooledWork({ compressor, pool, ...dependencies }: PooledWorkDependencies): ContextWork {
  const { strategies, services = {}, counterFor } = dependencies;
  const here = workHere(compressor);
  const meterFor = createMeter(dependencies);
  const run = <Name extends keyof Tasks>(name: Name, argument: Parameters<Tasks[Name]>[0], signal?: AbortSignal) =>
    pool.run({ name, argument }, signal === undefined ? {} : { signal });
  return {
    async compress(request, size) {
      if (size < largeSize) return here.compress(request, size);
      const metered = meterFor(request);
      chooseStrategies(strategies, request.strategies, services);
      // Others have had to wait for what came before, and copying a large request takes its time again.
      await setImmediate();
      const argument = compressTaskOf(request, counterFor(request.model), knownModels(services, metered));
      const { signal } = request;
      const answers = modelAnswers(metered, signal);
      return (await pool.run({ name: "compress", argument }, { answers, ...(signal ? { signal } : {}) })) as CompressedContext;
    },
    async countPrompt(prompt, counting) {
      if (charactersOf(prompt) < largeSize) return here.countPrompt(prompt, counting);
      const { counter, signal } = counting;
      const counted = run("countPrompt", countTaskOf(prompt, counter), signal) as Promise<number>;
      return counted.catch(unlessCrashed(() => here.countPrompt(prompt, counting)));
    },
    async countTexts(texts, counting) {
      if (texts.reduce((sum, text) => sum + text.length, 0) < largeSize) return here.countTexts(texts, counting);
      const { counter, signal } = counting;
      const counted = run("countTexts", { texts, counter: snapshotOf(counter) }, signal) as Promise<number>;
      return counted.catch(unlessCrashed(() => here.countTexts(texts, counting)));
    },
    async shortenTexts(texts, counting, payloadTenant) {
      if (sizeOfTexts(texts) < largeSize) return here.shortenTexts(texts, counting, payloadTenant);
      const { counter, signal } = counting;
      const shortened = run("shortenTexts", { texts, payloadTenant, counter: snapshotOf(counter) }, signal);
      // What cannot be written shorter is sent as it is.
      return (shortened as Promise<ShortenedText[]>).catch(unlessCrashed(async () => texts.map(asItIs)));
    },
    async readTurns(turns, counter, signal) {
      if (sizeOfTurns(turns) < largeSize) return here.readTurns(turns, counter, signal);
      const reading = run("readTurns", { turns, counter: snapshotOf(counter) }, signal) as Promise<TurnReading[]>;
      return reading.catch(unlessCrashed(() => here.readTurns(turns, counter, signal)));
    },
    async fitConversation(input, signal) {
      if (verbatimReason(input) !== undefined || sizeOfTurns(input.turns) < largeSize) return here.fitConversation(input, signal);
      const fitting = run("fitConversation", fitTaskOf(input), signal) as Promise<FittedConversation>;
      return fitting.catch(unlessCrashed(() => here.fitConversation(input, signal)));
    },
    async extractSummary(input) {
      const { counter, distiller: _model, signal, ...summary } = input;
      if (sizeOfTurns(input.turns) < largeSize) return here.extractSummary(input);
      const extracting = run("extractSummary", { ...summary, counter: snapshotOf(counter) }, signal) as Promise<string>;
      return extracting.catch(unlessCrashed(() => here.extractSummary(input)));
    },
  };
}

type Tasks = Awaited<ReturnType<typeof loadContextTasks>>;

const asItIs = (text: string): ShortenedText => ({ text, before: 0, after: 0 });

const sizeOfTurns = (turns: readonly SessionTurn[]): number =>
  turns.reduce((sum, { messages }) => sum + sizeOfTexts(messages.map(({ text }) => text)), 0);

/** A pool for the settings; no thread is started before there is work for it. */
export const createWorkPool = (settings: SectionValues<typeof assessSection>): WorkerPool =>
  createWorkerPool({
    script: new URL("./context-worker.ts", import.meta.url),
    size: settings.workers,
    memoryMiB: settings.workerMemoryMiB,
    workerData: { defaultModel: settings.defaultModel, rules: budgetRulesOf(settings) } satisfies WorkSettings,
  });

/** As the settings want it. @param onRelease is told how the threads end. */
export function contextWorkOf(
  settings: SectionValues<typeof assessSection>,
  dependencies: CompressorDependencies,
  onRelease: (release: () => Promise<void>) => void,
): ContextWork {
  const compressor = createCompressor(dependencies);
  if (settings.workers === 0) return workHere(compressor);
  const pool = createWorkPool(settings);
  onRelease(pool.close);
  return pooledWork({ ...dependencies, compressor, pool });
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

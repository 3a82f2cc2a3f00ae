// The work that grows with a prompt, or that a caller's schema may make endless: done here while it is little, else in a thread.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SchemaLimits } from "@nocp/contracts/schemas/schema-validator.ts";
import { mainThreadLimitMs, TimeLimitError } from "@nocp/contracts/schemas/time-limit.ts";
import type { AnswerPrompt } from "@nocp/models/provider.ts";
import { snapshotOf } from "@nocp/models/tokens/create-token-counter.ts";
import { largeSize, sizeOfText } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, unlessCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { type FittingPrompt, type PromptReduction, reduceToFit } from "../reduction/reduce-call.ts";
import { type CheckSchema, createSchemaCheck } from "../schema-check.ts";
import { type loadPromptTasks, type ReducedTask, receivedPrompt, sentPrompt } from "./prompt-tasks.ts";

export interface PromptWork {
  /** For providers that are no model. @throws NocpError ANSWER_SCHEMA_MISMATCH. */
  readonly answerPrompt: AnswerPrompt;
  reduceToFit(reduction: PromptReduction, signal: AbortSignal): Promise<FittingPrompt | undefined>;
  /** @throws NocpError INVALID_OUTPUT_SCHEMA. */
  checkSchema(schema: Parameters<CheckSchema>[0], signal: AbortSignal): Promise<void>;
}

/** All of it in this thread. */
export const promptWorkHere = (limits: SchemaLimits): PromptWork => ({
  answerPrompt: async (call) => (await import("@nocp/models/vendors/extractive/answer-prompt.ts")).answerPrompt(call),
  reduceToFit: async (reduction) => reduceToFit(reduction),
  checkSchema: createSchemaCheck(limits),
});

export function pooledPromptWork(limits: SchemaLimits, pool: WorkerPool): PromptWork {
  const here = promptWorkHere({
    ...limits,
    timeoutMs: Math.min(limits.timeoutMs, mainThreadLimitMs),
    throwsTimeLimit: true,
  });
  const run = <Name extends keyof Tasks>(name: Name, argument: Parameters<Tasks[Name]>[0], signal: AbortSignal) =>
    pool.run({ name, argument }, { signal });
  return {
    answerPrompt({ prompt, outputSchema }, signal) {
      if (!isLarge(prompt)) return here.answerPrompt({ prompt, outputSchema }, signal);
      const answer = run("answerPrompt", { prompt: sentPrompt(prompt), outputSchema }, signal);
      return answer as ReturnType<AnswerPrompt>;
    },
    async reduceToFit(reduction, signal) {
      if (!isLarge(reduction.prompt)) return here.reduceToFit(reduction, signal);
      const { prompt, counter, ...rest } = reduction;
      const task = { ...rest, prompt: sentPrompt(prompt), counter: snapshotOf(counter) };
      const reducing = run("reduceToFit", task, signal) as Promise<ReducedTask | undefined>;
      const reduced = await reducing.catch(unlessCrashed(async () => undefined));
      return reduced && { ...reduced, prompt: receivedPrompt(reduced.prompt) };
    },
    async checkSchema(schema, signal) {
      try {
        await here.checkSchema(schema, signal);
      } catch (error) {
        if (!(error instanceof TimeLimitError)) throw error;
        await run("checkSchema", schema, signal);
      }
    },
  };
}

type Tasks = ReturnType<typeof loadPromptTasks>;

/** @param threads at most; 0: all is done in this one. @param onRelease is told how they end. */
export function promptWorkOf(
  threads: number,
  limits: SchemaLimits,
  onRelease: (release: () => Promise<void>) => void,
): PromptWork {
  if (threads === 0) return promptWorkHere(limits);
  const pool = createWorkerPool({ script: new URL("./prompt-worker.ts", import.meta.url), size: threads, workerData: limits });
  onRelease(pool.close);
  return pooledPromptWork(limits, pool);
}

const isLarge = ({ system, context, query, history, toolRounds }: Prompt): boolean =>
  [...history, ...toolRounds].reduce(
    (sum, { text, context: standing = "" }) => sum + sizeOfText(text) + sizeOfText(standing),
    sizeOfText(system) + sizeOfText(context) + sizeOfText(query),
  ) >= largeSize;

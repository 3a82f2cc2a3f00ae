// The work that grows with an answer and its context, or that a schema may make endless: done here while it is little.
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { mainThreadLimitMs, TimeLimitError } from "@nocp/contracts/schemas/time-limit.ts";
import { largeSize, sizeOfText } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, unlessCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { type Answer, type AnswerDependencies, answerOf, type GivenAnswer } from "../answer-of-completion.ts";
import { type AnswerSettings, loadAnswerDependencies } from "./answer-tasks.ts";

export interface AnswerWork {
  answerOf(given: GivenAnswer, signal: AbortSignal): Promise<Answer>;
}

/** All of it in this thread. */
export const answerWorkHere = (dependencies: AnswerDependencies): AnswerWork => ({
  answerOf: async (given) => answerOf(given, dependencies),
});

/** @param quick throws TimeLimitError where a schema takes long; the pool begins anew. */
export const pooledAnswerWork = (quick: AnswerDependencies, pool: WorkerPool): AnswerWork => ({
  async answerOf(given, signal) {
    if (!isLarge(given)) {
      try {
        return answerOf(given, quick);
      } catch (error) {
        if (!(error instanceof TimeLimitError)) throw error;
      }
    }
    const answer = pool.run({ name: "answerOf", argument: writeJson(given) }, { signal }) as Promise<Answer>;
    return answer.catch(unlessCrashed(async () => answerOf(given, quick)));
  },
});

/** @param threads at most; 0: all is done in this one. @param onRelease is told how they end. */
export async function answerWorkOf(
  threads: number,
  settings: AnswerSettings,
  onRelease: (release: () => Promise<void>) => void,
): Promise<AnswerWork> {
  if (threads === 0) return answerWorkHere(await loadAnswerDependencies(settings));
  const { schemas } = settings;
  const timeoutMs = Math.min(schemas.timeoutMs, mainThreadLimitMs);
  const quick = await loadAnswerDependencies({ ...settings, schemas: { ...schemas, timeoutMs, throwsTimeLimit: true } });
  const pool = createWorkerPool({ script: new URL("./answer-worker.ts", import.meta.url), size: threads, workerData: settings });
  onRelease(pool.close);
  return pooledAnswerWork(quick, pool);
}

/** What the answer is looked for in costs as much as the answer. */
const isLarge = ({ completion, context }: GivenAnswer): boolean => sizeOfText(completion.text) + context.length >= largeSize;

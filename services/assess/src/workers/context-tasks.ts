// What assess's worker threads do: compress contexts and count prompts.
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import type { TaskAnswer } from "@nocp/runtime/workers/serve-tasks.ts";
import { createCompressor } from "../compress.ts";
import { loadStrategies } from "../load-strategies.ts";
import { pricesOf } from "../target-prices.ts";
import {
  type CompressTask,
  type CountTask,
  counterOf,
  promptOfTask,
  requestOfTask,
  sentContext,
  type WorkSettings,
} from "./work-tasks.ts";

export async function loadContextTasks({ defaultModel, rules }: WorkSettings) {
  const strategies = await loadStrategies();
  const pricesFor = pricesOf(defaultModel, Date.now);
  return {
    async compress(task: CompressTask): Promise<TaskAnswer> {
      const counter = counterOf(task.counter);
      const compressor = createCompressor({ strategies, counterFor: () => counter, rules, pricesFor });
      const answer = sentContext(await compressor.compress(requestOfTask(task)));
      return { answer, transfer: ownBuffer(answer.bundle?.bytes) };
    },
    countPrompt: (task: CountTask): TaskAnswer => ({ answer: countPrompt(counterOf(task.counter), promptOfTask(task)) }),
  };
}

/** Small ones share theirs with others, and are copied. */
const ownBuffer = (bytes: Uint8Array | undefined): ArrayBuffer[] =>
  bytes?.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];

// What assess's worker threads do: compress contexts, count and shorten texts, and fit conversations.
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { counterOf } from "@nocp/models/tokens/create-token-counter.ts";
import type { AskMainThread, TaskAnswer } from "@nocp/runtime/workers/serve-tasks.ts";
import { countTexts } from "@nocp/text/tokens/token-counter.ts";
import { createCompressor } from "../compress.ts";
import { extractiveSummarizer } from "../conversation/extractive-summarizer.ts";
import { fitConversation } from "../conversation/fit-conversation.ts";
import { readTurns } from "../conversation/turn-facts.ts";
import { loadStrategies } from "../load-strategies.ts";
import { shortenTexts } from "../shorten-texts.ts";
import { pricesOf } from "../target-prices.ts";
import { modelsOfMainThread } from "./models-of-main-thread.ts";
import {
  type CompressTask,
  type CountTask,
  type FitTask,
  fitInputOf,
  promptOfTask,
  requestOfTask,
  type ShortenTask,
  type SummaryTask,
  sentContext,
  type TextsTask,
  type TurnsTask,
  type WorkSettings,
} from "./work-tasks.ts";

export async function loadContextTasks({ defaultModel, rules }: WorkSettings) {
  const strategies = await loadStrategies();
  const pricesFor = pricesOf(defaultModel, Date.now);
  return {
    async compress(task: CompressTask, ask: AskMainThread): Promise<TaskAnswer> {
      const counter = counterOf(task.counter);
      const metered = modelsOfMainThread(task.models, ask);
      const compressor = createCompressor({
        ...{ strategies, counterFor: () => counter, rules, pricesFor },
        meterFor: () => metered,
      });
      const answer = sentContext(await compressor.compress(requestOfTask(task)));
      return { answer, transfer: ownBuffer(answer.bundle?.bytes) };
    },
    countPrompt: (task: CountTask): TaskAnswer => ({ answer: countPrompt(counterOf(task.counter), promptOfTask(task)) }),
    countTexts: ({ texts, counter }: TextsTask): TaskAnswer => ({ answer: countTexts(texts, counterOf(counter)) }),
    shortenTexts: ({ texts, counter, payloadTenant }: ShortenTask): TaskAnswer => ({
      answer: shortenTexts(texts, counterOf(counter), payloadTenant),
    }),
    readTurns: ({ turns, counter }: TurnsTask): TaskAnswer => ({ answer: readTurns(turns, counterOf(counter)) }),
    fitConversation: (task: FitTask): TaskAnswer => ({ answer: fitConversation(fitInputOf(task, counterOf(task.counter))) }),
    async extractSummary({ counter, ...input }: SummaryTask): Promise<TaskAnswer> {
      const { signal } = new AbortController();
      return { answer: await extractiveSummarizer.summarize({ ...input, counter: counterOf(counter), signal }) };
    },
  };
}

/** Small ones share theirs with others, and are copied. */
const ownBuffer = (bytes: Uint8Array | undefined): ArrayBuffer[] =>
  bytes?.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [];

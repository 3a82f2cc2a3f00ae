// What llm-router's worker threads do: read prompts and compile schemas, both of any size.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SchemaLimits } from "@nocp/contracts/schemas/schema-validator.ts";
import { type CounterSnapshot, counterOf } from "@nocp/models/tokens/create-token-counter.ts";
import { answerPrompt } from "@nocp/models/vendors/extractive/answer-prompt.ts";
import type { TaskAnswer } from "@nocp/runtime/workers/serve-tasks.ts";
import { type FittingPrompt, type PromptReduction, reduceToFit } from "../reduction/reduce-call.ts";
import { createSchemaCheck } from "../schema-check.ts";

/** Prompts travel as JSON: copying between threads knows nothing of numbers that keep their digits, and not every depth. */
export const sentPrompt = (prompt: Prompt): string => writeJson(prompt);
export const receivedPrompt = (json: string): Prompt => parseExactly(json) as Prompt;

type Schema = Readonly<Record<string, unknown>>;

export interface AnswerTask {
  readonly prompt: string;
  readonly outputSchema: Schema | undefined;
}

export type ReduceTask = Omit<PromptReduction, "prompt" | "counter"> & {
  readonly prompt: string;
  readonly counter: CounterSnapshot;
};

export type ReducedTask = Omit<FittingPrompt, "prompt"> & { readonly prompt: string };

export function loadPromptTasks(limits: SchemaLimits) {
  const check = createSchemaCheck(limits);
  return {
    answerPrompt: ({ prompt, outputSchema }: AnswerTask): TaskAnswer => ({
      answer: answerPrompt({ prompt: receivedPrompt(prompt), outputSchema }),
    }),
    reduceToFit({ prompt, counter, ...task }: ReduceTask): TaskAnswer {
      const reduced = reduceToFit({ ...task, prompt: receivedPrompt(prompt), counter: counterOf(counter) });
      return { answer: reduced && ({ ...reduced, prompt: sentPrompt(reduced.prompt) } satisfies ReducedTask) };
    },
    checkSchema: async (schema: Schema): Promise<TaskAnswer> => ({ answer: await check(schema) }),
  };
}

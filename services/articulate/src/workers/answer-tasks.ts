// What articulate's worker threads do: shape answers of any size, against schemas that take any time.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { createSchemaValidator, type SchemaLimits } from "@nocp/contracts/schemas/schema-validator.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { TaskAnswer } from "@nocp/runtime/workers/serve-tasks.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { type AnswerDependencies, answerOf, type GivenAnswer } from "../answer-of-completion.ts";

/** What a worker knows from its start. */
export interface AnswerSettings {
  readonly schemas: SchemaLimits;
  readonly maxComparedBytes: number;
}

export const loadAnswerDependencies = async ({ schemas, maxComparedBytes }: AnswerSettings): Promise<AnswerDependencies> => ({
  formats: await loadFormats(),
  validator: createSchemaValidator(schemas),
  maxComparedBytes,
  counterFor: createTokenCounter,
});

export async function loadAnswerTasks(settings: AnswerSettings) {
  const dependencies = await loadAnswerDependencies(settings);
  // JSON, for arguments of tools hold numbers that keep their digits.
  return { answerOf: (given: string): TaskAnswer => ({ answer: answerOf(parseExactly(given) as GivenAnswer, dependencies) }) };
}

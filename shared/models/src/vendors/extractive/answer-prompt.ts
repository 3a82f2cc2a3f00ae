// The answer of the extractive provider: a quotation, or fields of a schema.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import { contextOf, type ExtractedAnswer, extractAnswer } from "./extract-answer.ts";
import { fillSchema } from "./fill-schema.ts";

export interface ExtractiveCall {
  readonly prompt: Prompt;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
}

/** Pure, and linear in the prompt. @throws NocpError ANSWER_SCHEMA_MISMATCH. */
export function answerPrompt({ prompt, outputSchema }: ExtractiveCall): ExtractedAnswer {
  const answer = extractAnswer(prompt);
  if (outputSchema === undefined) return answer;
  return { ...answer, text: fillSchema(outputSchema, contextOf(prompt), prompt.query, answer.text) };
}

// How far an answer can be trusted, from parts that are stated beside the score.
import type { Completion } from "@nocp/contracts/messages.ts";
import type { confidenceSchema } from "@nocp/contracts/result.ts";
import type { z } from "zod";
import { supportOf } from "./support.ts";

export type Confidence = z.infer<typeof confidenceSchema>;

/** An answer that was cut or stopped early may lack what matters; one that was filtered is not the model's. */
const finishParts: Readonly<Record<Completion["finishReason"], number>> = {
  stop: 1,
  unknown: 0.75,
  length: 0.5,
  "tool-calls": 0.5,
  "content-filter": 0,
  error: 0,
};

/**
 * The mean of the parts that apply: `support` (the share of the answer's content words and numbers that stand in the
 * context), `schema` (1: an answer that does not satisfy it fails), `finish` and `provider` (its own figure).
 * A provider that doubts its answer is believed: its figure is the highest there is. What it quoted stands in the context by
 * nature, and says nothing about whether it answers.
 */
export function confidenceOf(completion: Completion, context: string, schemaSatisfied: boolean | undefined): Confidence {
  const support = supportOf(completion.text, context);
  const parts = {
    ...(support === undefined ? {} : { support }),
    ...(schemaSatisfied === undefined ? {} : { schema: schemaSatisfied ? 1 : 0 }),
    finish: finishParts[completion.finishReason],
    ...(completion.providerConfidence === undefined ? {} : { provider: completion.providerConfidence }),
  };
  const values = Object.values(parts);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { score: Math.min(mean, completion.providerConfidence ?? 1), parts };
}

// The question as weighted terms.

import type { Vocabulary } from "../words/vocabulary.ts";
import { readQuestion } from "./question-content.ts";

/** A term that the question repeats counts this much at most. */
const maxWeight = 2;

/** What a function word of another language than English counts: it may be a name after all. */
const functionWordWeight = 0.25;

/** @returns weights by term, above 0 and at most 2. */
export function queryTerms(query: string, vocabulary: Vocabulary): Map<number, number> {
  const all: number[] = [];
  vocabulary.append(query, all);
  const content: number[] = [];
  vocabulary.append(readQuestion(query).content, content);
  const weights = new Map<number, number>();
  for (const id of content) weights.set(id, Math.min(maxWeight, (weights.get(id) ?? 0) + 1));
  for (const id of all) if (!weights.has(id)) weights.set(id, functionWordWeight);
  return weights;
}

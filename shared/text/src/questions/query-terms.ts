// The question as weighted terms.

import type { Vocabulary } from "../words/vocabulary.ts";
import { numbersInWord, wordPattern } from "../words/word-terms.ts";
import { readQuestion } from "./question-content.ts";

/** A term that the question repeats counts this much at most. */
const maxWeight = 2;

const hasDigit = /\d/;

/** What a function word of another language than English counts: it may be a name after all. */
const functionWordWeight = 0.25;

/** What the number in a word counts: who asks for `A4268` means that, but may find it written as 4268. */
const partWeight = 0.25;

/** @returns weights by term, above 0 and at most 2. */
export function queryTerms(query: string, vocabulary: Vocabulary): Map<number, number> {
  const all: number[] = [];
  vocabulary.append(query, all);
  const content: number[] = [];
  vocabulary.append(readQuestion(query).content, content);
  const weights = new Map<number, number>();
  for (const id of content) weights.set(id, Math.min(maxWeight, (weights.get(id) ?? 0) + 1));
  for (const id of all) if (!weights.has(id)) weights.set(id, functionWordWeight);
  for (const id of numbersInWords(query, vocabulary)) weights.set(id, partWeight);
  return weights;
}

/** Numbers that the query has within words only. */
function numbersInWords(query: string, vocabulary: Vocabulary): number[] {
  if (!hasDigit.test(query)) return [];
  const words = query.normalize("NFKC").match(wordPattern()) ?? [];
  const written = new Set(words);
  const ids: number[] = [];
  for (const number of new Set(words.flatMap(numbersInWord))) if (!written.has(number)) vocabulary.append(number, ids);
  return ids;
}

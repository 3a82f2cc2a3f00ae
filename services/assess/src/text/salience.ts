// How much a sentence or turn says where there is no question: rare terms, names, numbers, and where it stands.
import type { IndexedPassages } from "./passages.ts";

/** @returns the mean rarity of each sentence's terms; a sentence of one rare word does not outdo one of ten. */
export function sentenceSalience(index: IndexedPassages): Float64Array {
  return Float64Array.from(index.sentences, (_, sentence) => meanRarity(index.sentenceTerms(sentence), index.bySentence.idf));
}

/** Lengths below this many terms are counted as if they had it. */
const fullLength = 8;

/** @param idf rarity of a term among the units. */
export function meanRarity(terms: readonly number[], idf: (term: number) => number): number {
  let sum = 0;
  for (const term of new Set(terms)) sum += idf(term);
  return sum / Math.max(fullLength, terms.length);
}

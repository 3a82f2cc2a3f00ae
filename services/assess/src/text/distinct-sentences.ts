// Repetitions of a sentence: the same terms in the same order, whatever stands between them.
import type { IndexedPassages } from "./passages.ts";

/** Shorter sentences repeat by chance and cost little. */
const minTerms = 4;

/** @returns whether a sentence repeats one that was asked about before; asking for the same one again is no repetition. */
export function createRepetitionCheck(index: IndexedPassages): (sentence: number) => boolean {
  const firstWith = new Map<string, number>();
  return (sentence) => {
    const terms = index.sentenceTerms(sentence);
    if (terms.length < minTerms) return false;
    const key = terms.join(" ");
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, sentence);
    return first !== undefined && first !== sentence;
  };
}

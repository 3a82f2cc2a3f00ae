// Which words of a question a text holds, exactly or in another form.
import { isPaired } from "@nocp/text/words/scripts.ts";
import { stemSimilarity } from "@nocp/text/words/stem-similarity.ts";
import { pairsOf, wordPattern } from "@nocp/text/words/word-terms.ts";
import type { AskedQuestion } from "./asked-question.ts";

/** How surely each word of the question is in a text, 0 to 1, by its position. */
export type FoundWords = ReadonlyMap<number, number>;

/** Share of a word's pairs of characters from which on it is found; likely with its first pair, since endings differ. */
const pairsFound = 0.6;
const likely = 0.8;
/** Less alike are other words with the same beginning. */
const leastSimilarity = 0.6;

/** @returns a function that reads one text, linear in it; each word is stemmed once. */
export function createWordFinder({ words, stemOf }: AskedQuestion): (text: string) => FoundWords {
  const pattern = wordPattern();
  const remembered = new Map<string, FoundWords>();
  const holdersOfPair = new Map<string, number[]>();
  for (const [at, { text, parts }] of words.entries())
    if (isPaired(text)) for (const pair of parts) holdersOfPair.set(pair, [...(holdersOfPair.get(pair) ?? []), at]);

  const matchesOf = (word: string): FoundWords => {
    const known = remembered.get(word);
    if (known) return known;
    const stem = stemOf(word);
    const matches = new Map<number, number>();
    for (const [at, { text, parts, isName }] of words.entries()) {
      if (isPaired(text)) continue;
      const isSame = word === text || stem === parts[0];
      const similarity = isSame ? 1 : isName ? 0 : stemSimilarity(parts[0]!, stem);
      if (similarity >= leastSimilarity) matches.set(at, similarity);
    }
    remembered.set(word, matches);
    return matches;
  };

  return (text) => {
    const found = new Map<number, number>();
    const pairs = new Map<number, Set<string>>();
    for (const [word] of text.normalize("NFKC").toLowerCase().matchAll(pattern)) {
      if (!isPaired(word)) {
        for (const [at, strength] of matchesOf(word)) found.set(at, Math.max(found.get(at) ?? 0, strength));
        continue;
      }
      for (const pair of holdersOfPair.size === 0 ? [] : [...pairsOf(word), ...word])
        for (const at of holdersOfPair.get(pair) ?? []) pairs.set(at, (pairs.get(at) ?? new Set()).add(pair));
    }
    for (const [at, held] of pairs) {
      const { parts } = words[at]!;
      if (held.size >= pairsFound * parts.length) found.set(at, 1);
      else if (held.has(parts[0]!)) found.set(at, likely);
    }
    return found;
  };
}

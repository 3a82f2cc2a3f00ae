// How much each of some sentences differs from the others: what is said for the thirtieth time can be spared.
import { pairedScripts } from "../words/scripts.ts";

/** Pairs of characters in scripts without spaces, words in others. */
const wordPattern = new RegExp(`[${pairedScripts}]{2}|\\p{L}{3,}`, "gv");

/** @returns for each sentence the mean of 1 over the number of sentences that have the word; between 0 and 1. Linear. */
export function distinctiveness(sentences: readonly string[]): number[] {
  const words = sentences.map((sentence) => [...new Set(sentence.toLowerCase().match(wordPattern) ?? [])]);
  const holders = new Map<string, number>();
  for (const own of words) for (const word of own) holders.set(word, (holders.get(word) ?? 0) + 1);
  return words.map((own) =>
    own.length === 0 ? 0 : own.reduce((sum, word) => sum + 1 / (holders.get(word) ?? 1), 0) / own.length,
  );
}

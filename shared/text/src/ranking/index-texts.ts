// Texts as units of a ranking index.

import type { Vocabulary } from "../words/vocabulary.ts";
import { buildRankingIndex, type RankingIndex } from "./ranking-index.ts";

export interface IndexedTexts {
  readonly index: RankingIndex;
  /** Terms of one text, in order. */
  termsOf(text: number): number[];
}

/** Time and memory grow linearly with the texts. @param vocabulary gets their terms. */
export function indexTexts(texts: readonly string[], vocabulary: Vocabulary): IndexedTexts {
  const ids: number[] = [];
  const ends = texts.map((text) => {
    vocabulary.append(text, ids);
    return ids.length;
  });
  return {
    index: buildRankingIndex(ids, ends, vocabulary.size()),
    termsOf: (text) => ids.slice(text === 0 ? 0 : ends[text - 1], ends[text]),
  };
}

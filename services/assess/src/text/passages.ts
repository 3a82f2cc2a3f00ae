// Documents cut into sentences and indexed three ways: by sentence, by document and by title.
import { buildRankingIndex, type RankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import { type Span, splitSentences } from "@nocp/text/structure/split-sentences.ts";
import type { Vocabulary } from "@nocp/text/words/vocabulary.ts";

export interface Passage {
  readonly title: string;
  readonly text: string;
}

export interface IndexedPassages {
  readonly passages: readonly Passage[];
  /** All sentences, passage by passage. */
  readonly sentences: readonly Span[];
  /** The passage of each sentence. */
  readonly passageOf: Int32Array;
  /** For each passage its first sentence; one more entry marks the end. */
  readonly firstSentence: Int32Array;
  readonly bySentence: RankingIndex;
  readonly byPassage: RankingIndex;
  readonly byTitle: RankingIndex;
  /** Terms of one sentence, in order. */
  sentenceTerms(sentence: number): readonly number[];
  titleTerms(passage: number): readonly number[];
}

/** Time and memory grow linearly with the text. */
export function indexPassages(passages: readonly Passage[], vocabulary: Vocabulary): IndexedPassages {
  const sentences: Span[] = [];
  const termIds: number[] = [];
  const sentenceEnds: number[] = [];
  const passageEnds: number[] = [];
  const titleIds: number[] = [];
  const titleEnds: number[] = [];
  const firstSentence = new Int32Array(passages.length + 1);
  passages.forEach((passage, at) => {
    firstSentence[at] = sentences.length;
    for (const span of splitSentences(passage.text)) {
      sentences.push(span);
      vocabulary.append(passage.text, termIds, span.start, span.end);
      sentenceEnds.push(termIds.length);
    }
    passageEnds.push(termIds.length);
    vocabulary.append(passage.title, titleIds);
    titleEnds.push(titleIds.length);
  });
  firstSentence[passages.length] = sentences.length;
  const passageOf = new Int32Array(sentences.length);
  for (let at = 0; at < passages.length; at++) passageOf.fill(at, firstSentence[at], firstSentence[at + 1]);
  const size = vocabulary.size();
  return {
    passages,
    sentences,
    passageOf,
    firstSentence,
    bySentence: buildRankingIndex(termIds, sentenceEnds, size),
    byPassage: buildRankingIndex(termIds, passageEnds, size),
    byTitle: buildRankingIndex(titleIds, titleEnds, size),
    sentenceTerms: (sentence) => termIds.slice(sentence === 0 ? 0 : sentenceEnds[sentence - 1], sentenceEnds[sentence]),
    titleTerms: (passage) => titleIds.slice(passage === 0 ? 0 : titleEnds[passage - 1], titleEnds[passage]),
  };
}

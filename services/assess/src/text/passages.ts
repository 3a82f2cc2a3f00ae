// Documents read as units and indexed three ways: by unit, by document and by title.
import { buildRankingIndex, type RankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import type { Structure, Unit } from "@nocp/text/structure/unit.ts";
import type { Vocabulary } from "@nocp/text/words/vocabulary.ts";

export interface Passage {
  readonly title: string;
  readonly text: string;
}

export const structureOf = ({ text, title }: Passage): Structure => parseStructure(text, title);

export interface IndexedPassages {
  readonly passages: readonly Passage[];
  /** One for each passage. */
  readonly structures: readonly Structure[];
  /** All units, passage by passage: in prose, sentences. */
  readonly sentences: readonly Unit[];
  /** The unit above each unit, as its position in `sentences`; -1 for none. */
  readonly parentOf: Int32Array;
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
export function indexPassages(
  passages: readonly Passage[],
  vocabulary: Vocabulary,
  structures: readonly Structure[] = passages.map(structureOf),
): IndexedPassages {
  const sentences: Unit[] = [];
  const parents: number[] = [];
  const termIds: number[] = [];
  const sentenceEnds: number[] = [];
  const passageEnds: number[] = [];
  const titleIds: number[] = [];
  const titleEnds: number[] = [];
  const firstSentence = new Int32Array(passages.length + 1);
  passages.forEach((passage, at) => {
    const first = sentences.length;
    firstSentence[at] = first;
    const { text, units } = structures[at] as Structure;
    for (const unit of units) {
      sentences.push(unit);
      parents.push(unit.parent === -1 ? -1 : first + unit.parent);
      vocabulary.append(text, termIds, unit.start, unit.end);
      // A name that stands elsewhere, such as a table's own in TOML, is what is asked for.
      if (unit.label !== undefined && !text.startsWith(unit.label, unit.start)) vocabulary.append(unit.label, termIds);
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
    structures,
    sentences,
    parentOf: Int32Array.from(parents),
    passageOf,
    firstSentence,
    bySentence: buildRankingIndex(termIds, sentenceEnds, size),
    byPassage: buildRankingIndex(termIds, passageEnds, size),
    byTitle: buildRankingIndex(titleIds, titleEnds, size),
    sentenceTerms: (sentence) => termIds.slice(sentence === 0 ? 0 : sentenceEnds[sentence - 1], sentenceEnds[sentence]),
    titleTerms: (passage) => titleIds.slice(passage === 0 ? 0 : titleEnds[passage - 1], titleEnds[passage]),
  };
}

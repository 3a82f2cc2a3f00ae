// How much each sentence of indexed passages says about a question.

import type { WeightedTerms } from "@nocp/text/ranking/ranking-index.ts";
import type { Vocabulary } from "@nocp/text/words/vocabulary.ts";
import { followNames } from "./follow-names.ts";
import type { IndexedPassages } from "./passages.ts";
import { sentenceSalience } from "./salience.ts";

/** Shares of the parts of a sentence's score; the sentence's own BM25 counts 1. */
const passageShare = 2.5;
const titleShare = 1.5;
const neighbourShare = 0.3;
const leadShare = 0.3;

export interface SentenceScores {
  /** By the question alone. */
  readonly direct: Float64Array;
  /** With passages that are reached through names in those that the question found; undefined when there is nothing to follow. */
  readonly linked: Float64Array | undefined;
}

/** @returns scores above 0, one for each sentence: even without a match the order of reading is kept. */
export function scoreSentences(index: IndexedPassages, terms: WeightedTerms, vocabulary: Vocabulary): SentenceScores {
  const own = new Float64Array(index.sentences.length);
  index.bySentence.addScores(terms, own);
  addParentScores(index, own);
  const passage = scorePassages(index, terms);
  if (peak(own) === 0 && peak(passage) === 0)
    return { direct: combine(index, sentenceSalience(index), passage), linked: undefined };
  const linked = followNames({ index, vocabulary, terms, own, passage });
  return { direct: combine(index, own, passage), linked: linked && combine(index, own, linked) };
}

/** What a heading, file or section says counts for what stands below it, less with each level. */
const inheritedShare = 0.6;

/** Parents stand before their parts, so one pass hands scores down all levels. */
function addParentScores({ parentOf }: IndexedPassages, own: Float64Array): void {
  for (let unit = 0; unit < parentOf.length; unit++) {
    const parent = parentOf[unit] as number;
    if (parent !== -1) own[unit] = (own[unit] as number) + inheritedShare * (own[parent] as number);
  }
}

function scorePassages(index: IndexedPassages, terms: WeightedTerms): Float64Array {
  const body = new Float64Array(index.passages.length);
  const title = new Float64Array(index.passages.length);
  index.byPassage.addScores(terms, body);
  index.byTitle.addScores(terms, title);
  return body.map((score, passage) => score + titleShare * (title[passage] as number));
}

function combine(index: IndexedPassages, own: Float64Array, passage: Float64Array): Float64Array {
  const ownPeak = peak(own) || 1;
  const passagePeak = peak(passage) || 1;
  return own.map((score, sentence) => {
    const at = index.passageOf[sentence] as number;
    const first = index.firstSentence[at] as number;
    const end = index.firstSentence[at + 1] as number;
    const before = sentence > first ? (own[sentence - 1] as number) : 0;
    const after = sentence + 1 < end ? (own[sentence + 1] as number) : 0;
    return (
      (passageShare * (passage[at] as number)) / passagePeak +
      (score + neighbourShare * Math.max(before, after)) / ownPeak +
      (sentence === first ? leadShare : 0) +
      orderOfReading / (1 + sentence - first)
    );
  });
}

/** Small enough to decide only between equals. */
const orderOfReading = 1e-6;

export function peak(scores: Float64Array): number {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  return highest;
}

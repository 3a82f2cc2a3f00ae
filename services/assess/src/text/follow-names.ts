// The second hop: passages about the names that the passages found by the question mention.

import type { WeightedTerms } from "@nocp/text/ranking/ranking-index.ts";
import type { Vocabulary } from "@nocp/text/words/vocabulary.ts";
import type { IndexedPassages } from "./passages.ts";

export interface FollowInput {
  readonly index: IndexedPassages;
  readonly vocabulary: Vocabulary;
  /** The question's. */
  readonly terms: WeightedTerms;
  /** Score of each sentence by the question. */
  readonly own: Float64Array;
  /** Score of each passage by the question. */
  readonly passage: Float64Array;
}

/** Passages whose names are followed in each hop, best first: keeps the cost linear in the text. */
const maxSources = 8;
const hops = 2;
/** What a further hop is worth, compared with the one before. */
const hopDecay = 0.7;
/** Sources scoring below this share of the best are not followed. */
const minSourceShare = 0.05;
/** A name in the sentence that the question found counts 1, one elsewhere in the passage at least this. */
const elsewhereWeight = 0.3;

/** Words that begin with a capital, and numbers of three digits or more. */
const namePattern = /\p{Lu}[\p{L}\p{M}\p{N}’'-]*|\p{N}{3,}/gu;
const hasCase = /\p{Ll}/u;

/**
 * Scores of passages after two hops; undefined when no passage mentions another. A link's strength is the share of the
 * target's title that is mentioned, and how much of its text is about the names, relative to the best target.
 */
export function followNames({ index, vocabulary, terms, own, passage }: FollowInput): Float64Array | undefined {
  const highest = passage.reduce((a, b) => Math.max(a, b), 0);
  if (highest === 0 || passage.length < 2) return undefined;
  let scores: Float64Array = passage;
  let worth = 1;
  let found = false;
  const namesOf = new Map<number, Map<number, number>>();
  const rarityOf = titleRarities(index);
  for (let hop = 0; hop < hops; hop++) {
    const gains = new Float64Array(passage.length);
    const top = scores.reduce((a, b) => Math.max(a, b), 0);
    for (const source of topPassages(scores, maxSources)) {
      const share = (scores[source] as number) / top;
      if (share < minSourceShare) continue;
      const names = namesOf.get(source) ?? namesIn(source, { index, vocabulary, terms, own });
      namesOf.set(source, names);
      if (names.size === 0) continue;
      for (const [target, strength] of linksOf(source, names, index, rarityOf)) {
        gains[target] = Math.max(gains[target] as number, share * strength);
        found = true;
      }
    }
    scores = scores.map((score, target) => score + (gains[target] as number) * top * worth);
    worth *= hopDecay;
  }
  return found ? scores : undefined;
}

function topPassages(scores: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (let passage = 0; passage < scores.length; passage++) {
    const score = scores[passage] as number;
    if (score <= 0 || (best.length === count && score <= (scores[best[count - 1] as number] as number))) continue;
    let at = best.length;
    while (at > 0 && (scores[best[at - 1] as number] as number) < score) at--;
    best.splice(at, 0, passage);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Terms of names in a passage that the question does not have, weighted by how much their sentence answers it. */
function namesIn(passage: number, { index, vocabulary, terms, own }: Omit<FollowInput, "passage">): Map<number, number> {
  const first = index.firstSentence[passage] as number;
  const end = index.firstSentence[passage + 1] as number;
  const highest = own.subarray(first, end).reduce((a, b) => Math.max(a, b), 0);
  const weights = new Map<number, number>();
  for (let sentence = first; sentence < end; sentence++) {
    const weight = highest === 0 ? 1 : elsewhereWeight + (1 - elsewhereWeight) * ((own[sentence] as number) / highest);
    for (const term of nameTerms(sentence, index, vocabulary)) {
      if (!terms.has(term)) weights.set(term, Math.max(weights.get(term) ?? 0, weight));
    }
  }
  return weights;
}

/** In a script without capitals every term may be a name; rarity tells them apart. */
function nameTerms(sentence: number, index: IndexedPassages, vocabulary: Vocabulary): readonly number[] {
  const span = index.sentences[sentence];
  const text = index.structures[index.passageOf[sentence] as number]?.text.slice(span?.start, span?.end) ?? "";
  if (!hasCase.test(text)) return index.sentenceTerms(sentence);
  const ids: number[] = [];
  for (const name of text.match(namePattern) ?? []) vocabulary.append(name, ids);
  return ids;
}

function linksOf(
  source: number,
  names: WeightedTerms,
  index: IndexedPassages,
  rarityOf: (passage: number) => number,
): Map<number, number> {
  const strengths = titleMentions(names, index, rarityOf);
  const body = new Float64Array(index.passages.length);
  index.byPassage.addScores(names, body);
  body[source] = 0;
  const highest = body.reduce((a, b) => Math.max(a, b), 0);
  if (highest > 0) {
    body.forEach((score, target) => {
      if (score > 0) strengths.set(target, (strengths.get(target) ?? 0) + score / highest);
    });
  }
  strengths.delete(source);
  return strengths;
}

/** The rarity of all terms of a passage's title together; computed once for each. */
function titleRarities({ byTitle, titleTerms, passages }: IndexedPassages): (passage: number) => number {
  const known = new Float64Array(passages.length).fill(-1);
  return (passage) => {
    if (known[passage] === -1)
      known[passage] = [...new Set(titleTerms(passage))].reduce((total, term) => total + byTitle.idf(term), 0);
    return known[passage] as number;
  };
}

/** The share of each title's rarity that the names cover; only titles that share a term with them are looked at. */
function titleMentions(
  names: WeightedTerms,
  { byTitle, titleTerms }: IndexedPassages,
  rarityOf: (passage: number) => number,
): Map<number, number> {
  const strengths = new Map<number, number>();
  for (const term of names.keys()) for (const passage of byTitle.unitsWith(term)) strengths.set(passage, 0);
  for (const passage of strengths.keys()) {
    let covered = 0;
    for (const term of new Set(titleTerms(passage))) {
      const weight = names.get(term);
      if (weight !== undefined) covered += byTitle.idf(term) * weight;
    }
    const total = rarityOf(passage);
    strengths.set(passage, total === 0 ? 0 : covered / total);
  }
  return strengths;
}

// How much each turn of a conversation has to do with a question, by the turns around it.

import { readQuestion } from "@nocp/text/questions/question-content.ts";
import type { RankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import type { Vocabulary } from "@nocp/text/words/vocabulary.ts";
import { addSimilarity } from "./add-similarity.ts";
import { topicFeedback } from "./topic-feedback.ts";

export interface TurnScoreInput {
  readonly query: string;
  /** Share of the tokens that will be kept. */
  readonly keptShare: number;
  readonly vocabulary: Vocabulary;
  /** Of the turns' texts. */
  readonly byText: RankingIndex;
  /** Of the speakers' names. */
  readonly byRole: RankingIndex;
  /** Of each turn with the question by another measure than words. */
  readonly similarity?: Float64Array;
}

export interface TurnScores {
  /** By the turn and its close neighbours. */
  readonly close: Float64Array;
  /** By the topic of the stretch it stands in. */
  readonly topic: Float64Array;
  /** Rarity of the question's terms that occur, summed: 0 means that the question says nothing about what is wanted. */
  readonly evidence: number;
  /** Whether the question asks about what was said (discussed, decided, thought) rather than about a fact that one turn tells. */
  readonly asksAboutTalk: boolean;
}

/** What a matching turn is worth to the next one, and so on: half is gone after 1 turn, or after 27. */
const closeDecay = 0.5;
const topicDecay = 0.975;
/** Occurrences in a stretch at which half of a term's weight is reached. */
const closeSaturation = 1;
const topicSaturation = 8;
/** A topic is dealt with in long turns and only alluded to in short ones: one of this many terms more counts twice. */
const topicTurnTerms = 10;
/** A turn by somebody whom the question names. */
const speakerBonus = 0.2;
/** A fact about somebody is mostly told by them. */
const tellerBonus = 0.4;

/** Linear in the number of turns, for each term of the question. */
export function scoreTurns({ query, keptShare, vocabulary, byText, byRole, similarity }: TurnScoreInput): TurnScores {
  const terms = topicTerms(query, vocabulary, byRole);
  const close = new Float64Array(byText.unitCount);
  const topic = new Float64Array(byText.unitCount);
  const addTopic = (term: number, weight: number) =>
    addSpread(
      topic,
      byText.unitsWith(term),
      (turn) => 1 + byText.lengthOf(turn) / topicTurnTerms,
      weight,
      topicDecay,
      topicSaturation,
    );
  let evidence = 0;
  for (const term of terms.ids) {
    const rarity = byText.idf(term);
    if (rarity === 0) continue;
    evidence += rarity;
    const turns = byText.unitsWith(term);
    addSpread(close, turns, () => 1, rarity, closeDecay, closeSaturation);
    addTopic(term, rarity);
  }
  for (const [term, weight] of topicFeedback(topic, terms.ids, byText, vocabulary.size(), keptShare)) addTopic(term, weight);
  for (const term of terms.speakers) {
    for (const turn of byRole.unitsWith(term)) {
      topic[turn] = (topic[turn] as number) * (1 + speakerBonus);
      if (!terms.hasWordsOfAsking) close[turn] = (close[turn] as number) * (1 + tellerBonus);
    }
  }
  const asksAboutTalk = terms.hasWordsOfAsking;
  // What was discussed is found by its words, if they occur: QMSum at .3 of the tokens keeps .683 with similarity and .693 without.
  if (similarity === undefined || (asksAboutTalk && evidence > 0)) return { close, topic, evidence, asksAboutTalk };
  const ofStretch = meansAround(similarity);
  return { close: addSimilarity(close, similarity), topic: addSimilarity(topic, ofStretch), evidence, asksAboutTalk };
}

/** The mean of the turns around each one, by distance as for a topic. */
function meansAround(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  const weights = new Float64Array(values.length);
  const pass = (turns: Iterable<number>, own: number) => {
    let sum = 0;
    let weight = 0;
    for (const turn of turns) {
      sums[turn] = (sums[turn] as number) + sum + own * (values[turn] as number);
      weights[turn] = (weights[turn] as number) + weight + own;
      sum = (sum + (values[turn] as number)) * topicDecay;
      weight = (weight + 1) * topicDecay;
    }
  };
  pass(values.keys(), 1);
  pass([...values.keys()].reverse(), 0);
  return sums.map((sum, turn) => sum / (weights[turn] as number));
}

interface TopicTerms {
  readonly ids: ReadonlySet<number>;
  readonly speakers: ReadonlySet<number>;
  readonly hasWordsOfAsking: boolean;
}

/** Speakers' names and words of asking say who and how, not what; they count when there is nothing else. */
function topicTerms(query: string, vocabulary: Vocabulary, byRole: RankingIndex): TopicTerms {
  const { content, topic } = readQuestion(query);
  const termsOf = (text: string): Set<number> => {
    const ids: number[] = [];
    vocabulary.append(text, ids);
    return new Set(ids);
  };
  const all = termsOf(content);
  const isSpeaker = (id: number): boolean => byRole.unitsWith(id).length > 0;
  const topical = [...termsOf(topic)].filter((id) => !isSpeaker(id));
  return {
    ids: topical.length > 0 ? new Set(topical) : all,
    speakers: new Set([...all].filter(isSpeaker)),
    hasWordsOfAsking: termsOf(topic).size < all.size,
  };
}

/** Adds a term's weight to the turns around those that have it: frequency decays with distance, then saturates. */
function addSpread(
  scores: Float64Array,
  turns: Int32Array,
  weightOf: (turn: number) => number,
  rarity: number,
  decay: number,
  saturation: number,
): void {
  const spread = new Float64Array(scores.length);
  const here = new Float64Array(scores.length);
  for (const turn of turns) here[turn] = weightOf(turn);
  let carried = 0;
  for (let turn = 0; turn < spread.length; turn++) {
    carried = carried * decay + (here[turn] as number);
    spread[turn] = carried;
  }
  carried = 0;
  for (let turn = spread.length - 1; turn >= 0; turn--) {
    const frequency = (spread[turn] as number) + carried;
    scores[turn] = (scores[turn] as number) + (rarity * frequency) / (frequency + saturation);
    carried = (carried + (here[turn] as number)) * decay;
  }
}

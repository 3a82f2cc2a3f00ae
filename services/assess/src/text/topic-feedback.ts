// Terms of a conversation's topic that the question does not have: what the turns found by the question say more often than others.
import type { RankingIndex } from "@nocp/text/ranking/ranking-index.ts";

/** Turns found best, up to this share of all terms, are taken as being on the topic. */
const foundShare = 0.1;
const maxTerms = 20;
/** A term in fewer of these turns says nothing. */
const minTurns = 3;
/** Standard deviations above chance (roughly, as of a Poisson count). */
const minDeviation = 2;
/** All terms found weigh this much, compared with the question's own; less where there is little room to look further. */
const feedbackWeight = 0.5;
const roomyShare = 0.3;

/**
 * Pseudo-relevance feedback: speakers ask about a topic in words other than those in which it was discussed.
 * @param topic score of each turn by the question.
 * @param keptShare of the tokens that will be kept.
 * @returns weights by term; linear in the postings, and sorting the turns.
 */
export function topicFeedback(
  topic: Float64Array,
  asked: ReadonlySet<number>,
  byText: RankingIndex,
  vocabularySize: number,
  keptShare: number,
): Map<number, number> {
  const found = turnsFound(topic, byText);
  if (found.size === 0) return new Map();
  const share = found.size / byText.unitCount;
  const deviations: [term: number, deviation: number][] = [];
  for (let term = 0; term < vocabularySize; term++) {
    const turns = asked.has(term) ? [] : byText.unitsWith(term);
    if (turns.length < minTurns) continue;
    let inside = 0;
    for (const turn of turns) if (found.has(turn)) inside++;
    const expected = turns.length * share;
    const deviation = (inside - expected) / Math.sqrt(expected + 1);
    if (inside >= minTurns && deviation > minDeviation) deviations.push([term, deviation]);
  }
  const chosen = deviations.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, maxTerms);
  const sum = chosen.reduce((total, [, deviation]) => total + deviation, 0);
  const weight = feedbackWeight * Math.min(1, keptShare / roomyShare);
  let askedWeight = 0;
  for (const term of asked) askedWeight += byText.idf(term);
  return new Map(chosen.map(([term, deviation]) => [term, (askedWeight * weight * deviation) / sum]));
}

function turnsFound(topic: Float64Array, byText: RankingIndex): Set<number> {
  let allTerms = 0;
  for (let turn = 0; turn < byText.unitCount; turn++) allTerms += byText.lengthOf(turn);
  const order = Uint32Array.from(topic.keys()).sort((a, b) => (topic[b] as number) - (topic[a] as number) || a - b);
  const found = new Set<number>();
  let terms = 0;
  for (const turn of order) {
    if ((topic[turn] as number) <= 0 || terms > allTerms * foundShare) break;
    found.add(turn);
    terms += byText.lengthOf(turn);
  }
  return found;
}

// The sentences of a text that answer a question: the most of its words, by their rarity, in one sentence and its titles.
import type { AskedQuestion } from "./asked-question.ts";
import { createWordFinder, type FoundWords } from "./find-words.ts";
import { readSentences, type SentenceText } from "./read-sentences.ts";

export interface SelectedSentences {
  /** In the order of the text. */
  readonly sentences: readonly string[];
  /** How surely they answer, between 0 and 1. */
  readonly confidence: number;
}

const nothing: SelectedSentences = { sentences: [], confidence: 0 };

/** What a word counts that stands in a title above the sentence, or in the sentence before it, and not in itself. */
const titleWeight = 0.9;
const neighbourWeight = 0.6;
/** What a word counts that is nowhere: the text is likely to be about something else. */
const absentWeight = 2;
/** What is left of the confidence where a number or a day is asked for and there is none. */
const withoutEvidence = 0.5;
/** And where a name that the question has is neither in the sentence nor around it. */
const withoutName = 0.7;
/** A title that has so much of the question asks it: what stands below is the answer, in its own words. */
const askingTitle = 0.9;
/** Where a sentence has less of what was found than this, its titles have it. */
const ownShareOfFound = 0.5;
const maxSentences = 3;
/** Further sentences are quoted when they are nearly as good as the best. */
const closeToBest = 0.9;

interface Candidate {
  readonly at: number;
  /** Share of the question's weight in the sentence itself, and with what stands around it. */
  readonly own: number;
  readonly covered: number;
  readonly confidence: number;
}

export function selectSentences(text: string, question: AskedQuestion): SelectedSentences {
  const read = readSentences(text);
  const { sentences } = read;
  if (sentences.length === 0 || question.words.length === 0) return nothing;
  const find = createWordFinder(question);
  const found = sentences.map((sentence) => find(sentence.text));
  const titles = titlesFound(read, find);
  const weights = weightsOf(question, found, titles);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = (strengthOf: (word: number) => number): number =>
    weights.reduce((sum, weight, word) => sum + weight * strengthOf(word), 0) / total;

  let best: Candidate | undefined;
  const candidates = sentences.map(({ text: sentence, section }, at): Candidate => {
    const own = found[at]!;
    const title = titles[section]!;
    const before = sentences[at - 1]?.section === section ? found[at - 1] : undefined;
    const around = (word: number) => Math.max(titleWeight * (title.get(word) ?? 0), neighbourWeight * (before?.get(word) ?? 0));
    const ownShare = share((word) => own.get(word) ?? 0);
    const covered = ownShare === 0 && title.size === 0 ? 0 : share((word) => Math.max(own.get(word) ?? 0, around(word)));
    const isNamed = question.words.every(({ isName }, word) => !isName || own.has(word) || around(word) > 0);
    const evidence = (question.isAnsweredIn(sentence) ? 1 : withoutEvidence) * (isNamed ? 1 : withoutName);
    const candidate = { at, own: ownShare, covered, confidence: covered * evidence };
    if (!best || candidate.confidence + candidate.own / 4 > best.confidence + best.own / 4) best = candidate;
    return candidate;
  });
  if (!best || best.confidence === 0) return nothing;
  const own = find(read.sections[sentences[best.at]!.section]!.title);
  const isAskedAbove = share((word) => own.get(word) ?? 0) >= askingTitle || best.own < ownShareOfFound * best.covered;
  const chosen = isAskedAbove ? below(best, read) : closeTo(best, candidates, read);
  const { lead } = read.sections[sentences[best.at]!.section]!;
  const quoted = [...(lead === "" ? [] : [lead]), ...chosen.map((at) => sentences[at]!.text)];
  return { sentences: [...new Set(quoted)], confidence: best.confidence };
}

/** Words found in the titles above each section's sentences, its own included. */
function titlesFound({ sections }: SentenceText, find: (text: string) => FoundWords): FoundWords[] {
  const titles: Map<number, number>[] = [];
  for (const { parent, title } of sections) {
    const words = new Map(titles[parent] ?? []);
    for (const [word, strength] of find(title)) words.set(word, Math.max(words.get(word) ?? 0, strength));
    titles.push(words);
  }
  return titles;
}

/** The rarer a word, the more it tells; one that is nowhere weighs as much as one in a single place. */
function weightsOf({ words }: AskedQuestion, found: readonly FoundWords[], titles: readonly FoundWords[]): number[] {
  const holders = words.map(() => 0);
  for (const sentence of found) for (const word of sentence.keys()) holders[word]! += 1;
  return words.map(({ weight }, word) => {
    const count = Math.max(1, holders[word]!);
    const presence = holders[word] === 0 && !titles.some((title) => title.has(word)) ? absentWeight : 1;
    return weight * presence * Math.log(1 + (found.length - count + 0.5) / (count + 0.5));
  });
}

/** The best, and others of its section that say as much. */
const closeTo = (best: Candidate, candidates: readonly Candidate[], { sentences }: SentenceText): number[] =>
  candidates
    .filter(({ at, own, confidence }) => {
      const isClose = own >= closeToBest * best.own && confidence >= closeToBest * best.confidence;
      return at === best.at || (isClose && sentences[at]!.section === sentences[best.at]!.section);
    })
    .sort((one, other) => other.confidence - one.confidence || one.at - other.at)
    .slice(0, maxSentences)
    .map(({ at }) => at)
    .sort((one, other) => one - other);

/** The title asks: the best, and those before it up to the title, as far as there is room; then those after it. */
function below({ at: best }: Candidate, { sentences }: SentenceText): number[] {
  const { section } = sentences[best]!;
  let first = best;
  while (first > 0 && sentences[first - 1]!.section === section && best - first < maxSentences - 1) first--;
  const chosen: number[] = [];
  for (let at = first; chosen.length < maxSentences && sentences[at]?.section === section; at++) chosen.push(at);
  return chosen;
}

// The sentences of a text that answer a question, by BM25 over sentences (Robertson and Zaragoza, 2009).
import { probesOf, type Question, wordsOf } from "./words.ts";

export interface SelectedSentences {
  /** In the order of the text. */
  readonly sentences: readonly string[];
  /** Share of the question's weight found in them, between 0 and 1. */
  readonly coverage: number;
}

const K1 = 1.2;
const B = 0.6;
/** A heading, and the sentences around one, say what it is about. */
const SURROUNDING_WEIGHT = 0.35;
const MOST_SENTENCES = 3;
/** Further sentences are quoted when they score nearly as well as the best. */
const CLOSE_TO_BEST = 0.75;

interface Sentence {
  readonly text: string;
  /** Empty where no word of the question can be. */
  readonly words: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly heading: ReadonlySet<string>;
  readonly paragraph: number;
}

export function selectSentences(text: string, question: Question): SelectedSentences {
  const sentences = splitSentences(text, probesOf(question));
  if (sentences.length === 0 || question.words.length === 0) return { sentences: [], coverage: 0 };
  const frequency = new Map<string, number>();
  for (const { counts } of sentences) for (const word of counts.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const averageLength = sentences.reduce((sum, { text: sentence }) => sum + sentence.length, 0) / sentences.length;
  const idf = (word: string): number => {
    // A word that is nowhere weighs as much as one that is in a single place.
    const containing = frequency.get(word) ?? 1;
    return Math.log(1 + (sentences.length - containing + 0.5) / (containing + 0.5));
  };
  const own = sentences.map((sentence) => bm25(sentence, question, idf, averageLength));
  const scores = sentences.map(
    (sentence, at) => own[at]! + SURROUNDING_WEIGHT * surroundingScore(sentences, own, at, sentence, question, idf),
  );
  const best = Math.max(...scores);
  if (best <= 0) return { sentences: [], coverage: 0 };
  const chosen = scores
    .map((score, at) => ({ score, at }))
    .filter(({ score, at }) => score >= best * CLOSE_TO_BEST && own[at]! > 0)
    .sort((one, other) => other.score - one.score || one.at - other.at)
    .slice(0, MOST_SENTENCES)
    .sort((one, other) => one.at - other.at);
  const found = new Set(chosen.flatMap(({ at }) => [...sentences[at]!.words, ...sentences[at]!.heading]));
  const total = question.words.reduce((sum, word) => sum + idf(word), 0);
  const covered = question.words.filter((word) => found.has(word)).reduce((sum, word) => sum + idf(word), 0);
  return { sentences: [...new Set(chosen.map(({ at }) => sentences[at]!.text))], coverage: covered / total };
}

function bm25({ counts, text }: Sentence, question: Question, idf: (word: string) => number, averageLength: number): number {
  const norm = K1 * (1 - B + (B * text.length) / averageLength);
  return question.words.reduce((sum, word) => {
    const count = counts.get(word) ?? 0;
    return count === 0 ? sum : sum + (idf(word) * count * (K1 + 1)) / (count + norm);
  }, 0);
}

/** What the heading, and the sentences before and after in the same paragraph, have of the question and this one has not. */
function surroundingScore(
  sentences: readonly Sentence[],
  own: readonly number[],
  at: number,
  sentence: Sentence,
  question: Question,
  idf: (word: string) => number,
): number {
  const heading = question.words
    .filter((word) => sentence.heading.has(word) && !sentence.counts.has(word))
    .reduce((sum, word) => sum + idf(word), 0);
  const neighbours = [at - 1, at + 1].map((near) => (sentences[near]?.paragraph === sentence.paragraph ? own[near]! : 0));
  return heading + Math.max(...neighbours) / 2;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
const LONGEST_HEADING = 120;

/** A short first line without a full stop is the heading of its block, as in a document's title. */
function splitSentences(text: string, probes: readonly string[]): Sentence[] {
  const sentences: Sentence[] = [];
  for (const [paragraph, block] of text.split(/\n{2,}/).entries()) {
    const lines = block.split("\n");
    const first = lines[0]?.trim() ?? "";
    const isHeading = lines.length > 1 && first.length <= LONGEST_HEADING && !/[.!?。！？]$/.test(first);
    const heading = new Set(isHeading ? wordsOf(first) : []);
    for (const line of isHeading ? lines.slice(1) : lines) {
      for (const { segment } of segmenter.segment(line)) {
        if (segment.trim() === "") continue;
        const lower = segment.toLowerCase();
        const words = probes.some((probe) => lower.includes(probe)) ? wordsOf(segment) : [];
        const counts = new Map<string, number>();
        for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
        sentences.push({ text: segment.trim(), words, counts, heading, paragraph });
      }
    }
  }
  return sentences;
}

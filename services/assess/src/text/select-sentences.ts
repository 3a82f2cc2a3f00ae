// The sentences of passages that a question is about, within a budget of tokens.

import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { createRepetitionCheck } from "./distinct-sentences.ts";
import { fillBudget } from "./fill-budget.ts";
import { fuseRankings } from "./fuse-rankings.ts";
import { type IndexedPassages, indexPassages, type Passage } from "./passages.ts";
import { openTerms } from "./question-coverage.ts";
import { type SentenceScores, scoreSentences } from "./score-sentences.ts";

export interface SentenceSelectionInput {
  readonly passages: readonly Passage[];
  readonly query: string;
  readonly budgetTokens: number;
  /** Of all passages. */
  readonly rawTokens: number;
  readonly counter: TokenCounter;
  /** What stands before what is kept of a passage, e.g. its title and a line break. */
  readonly headingOf: (passage: number) => string;
  /** How near each sentence is to the question by another measure than its words: both rankings count the same. */
  readonly similarity?: Float64Array;
}

export interface SelectedPassage {
  /** Empty when nothing is kept. */
  readonly text: string;
  readonly tokens: number;
}

export interface SentenceSelection {
  /** One for each passage. */
  readonly selected: readonly SelectedPassage[];
  readonly keptSentences: number;
  readonly sentences: number;
}

/** Between two passages stands a blank line; after a full stop it costs nothing, elsewhere a token. */
const separatorTokens = 1;

/** Sentences that do not fit, until the filling ends: each is counted for nothing. */
const maxMissesInRow = 12;

/** Share of the budget that goes to passages found through names, for a question that one passage leaves wholly open. */
const maxLinkedShare = 0.7;
/** Open terms from which on that share is given in full. */
const fullyOpenTerms = 3;
/** Below this share of tokens kept there is less to spend on searching further. */
const roomyRatio = 0.3;

/** Time and memory grow linearly with the text, but for the sorting of sentences by score. */
export function selectSentences(input: SentenceSelectionInput): SentenceSelection {
  const { passages, query, budgetTokens, rawTokens, counter, headingOf } = input;
  const vocabulary = createVocabulary();
  const index = indexPassages(passages, vocabulary);
  const terms = queryTerms(query, vocabulary);
  const scores = withSimilarity(scoreSentences(index, terms, vocabulary), input.similarity);
  const costOf = remember(index.sentences.length, (sentence) => counter.count(sentenceText(index, sentence)));
  const openingCostOf = remember(passages.length, (passage) => separatorTokens + countHeading(headingOf(passage), counter));
  const fill = {
    costOf,
    groupOf: (sentence: number) => index.passageOf[sentence] as number,
    openingCostOf,
    refuses: createRepetitionCheck(index),
    maxMissesInRow,
  };
  const linkedShare = scores.linked ? linkedShareOf(openTerms(index, terms), budgetTokens / Math.max(1, rawTokens)) : 0;
  const filling = fillBudget({ ...fill, scores: scores.direct, budgetTokens: budgetTokens * (1 - linkedShare) });
  fillBudget({ ...fill, scores: scores.linked ?? scores.direct, budgetTokens }, filling);

  const tokens = new Float64Array(passages.length);
  for (const passage of filling.openedGroups) tokens[passage] = openingCostOf(passage);
  for (const sentence of filling.kept) {
    const passage = index.passageOf[sentence] as number;
    tokens[passage] = (tokens[passage] as number) + costOf(sentence);
  }
  const selected = passages.map((_, passage): SelectedPassage => {
    const body = filling.openedGroups.has(passage) ? keptText(index, passage, filling.kept) : "";
    return body === "" ? { text: "", tokens: 0 } : { text: `${headingOf(passage)}${body}`, tokens: tokens[passage] as number };
  });
  return { selected, keptSentences: filling.kept.size, sentences: index.sentences.length };
}

const withSimilarity = ({ direct, linked }: SentenceScores, similarity: Float64Array | undefined): SentenceScores =>
  similarity === undefined
    ? { direct, linked }
    : { direct: fuseRankings(direct, similarity), linked: linked && fuseRankings(linked, similarity) };

const linkedShareOf = (open: number, ratio: number): number =>
  maxLinkedShare * Math.min(1, open / fullyOpenTerms) * Math.min(1, ratio / roomyRatio);

const countHeading = (heading: string, counter: TokenCounter): number => (heading === "" ? 0 : counter.count(heading));

function sentenceText(index: IndexedPassages, sentence: number): string {
  const span = index.sentences[sentence];
  return index.passages[index.passageOf[sentence] as number]?.text.slice(span?.start, span?.end) ?? "";
}

/** Whether the spaces before a sentence are its line's indentation. */
function beginsLine(index: IndexedPassages, sentence: number): boolean {
  const start = index.sentences[sentence]?.start ?? 0;
  return start === 0 || index.passages[index.passageOf[sentence] as number]?.text[start - 1] === "\n";
}

/** Sentences in their order; where some are missing in between, a line ends. */
function keptText(index: IndexedPassages, passage: number, kept: ReadonlySet<number>): string {
  let text = "";
  let last = -1;
  const end = index.firstSentence[passage + 1] as number;
  for (let sentence = index.firstSentence[passage] as number; sentence < end; sentence++) {
    if (!kept.has(sentence)) continue;
    const own = sentenceText(index, sentence);
    const follows = text === "" || last === sentence - 1;
    text += follows ? own : `${text.endsWith("\n") ? "" : "\n"}${beginsLine(index, sentence) ? own : own.trimStart()}`;
    last = sentence;
  }
  return text.trim();
}

/** Asks for each number once. */
function remember(length: number, compute: (at: number) => number): (at: number) => number {
  const known = new Float64Array(length).fill(-1);
  return (at) => {
    if (known[at] === -1) known[at] = compute(at);
    return known[at] as number;
  };
}

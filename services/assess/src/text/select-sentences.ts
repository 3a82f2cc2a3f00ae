// The units of passages that a question is about, below their parents, within a budget of tokens.

import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import type { Structure } from "@nocp/text/structure/unit.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { addSimilarity } from "./add-similarity.ts";
import { createRepetitionCheck } from "./distinct-sentences.ts";
import { fillBudget } from "./fill-budget.ts";
import { indexPassages, type Passage, structureOf } from "./passages.ts";
import { openTerms } from "./question-coverage.ts";
import { removedLines } from "./removed-lines.ts";
import { type Gap, renderKept } from "./render-kept.ts";
import { withRoles } from "./role-scores.ts";
import { type SentenceScores, scoreSentences } from "./score-sentences.ts";
import { createUnitCosts } from "./unit-costs.ts";

export interface SentenceSelectionInput {
  readonly passages: readonly Passage[];
  /** One for each passage, where they are known already. */
  readonly structures?: readonly Structure[];
  readonly query: string;
  readonly budgetTokens: number;
  /** Of all passages. */
  readonly rawTokens: number;
  readonly counter: TokenCounter;
  /** What stands before what is kept of a passage, e.g. its title and a line break. */
  readonly headingOf: (passage: number) => string;
  /** How near each sentence is to the question by another measure than its words. */
  readonly similarity?: Float64Array;
  /** Whether the outcome is to say what was removed. */
  readonly explain?: boolean | undefined;
  /** By passage: units that stand elsewhere, and are selected, but not written again. Where given, the outcome lists its units. */
  readonly written?: readonly ReadonlySet<number>[] | undefined;
}

export interface SelectedPassage {
  /** Empty when nothing is kept. */
  readonly text: string;
  readonly tokens: number;
  /** What was removed, where that is asked for and anything is kept. */
  readonly parts?: readonly RemovedPart[];
  /** Those that are written, where that is asked for. */
  readonly units?: readonly number[];
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
  const index = indexPassages(passages, vocabulary, input.structures ?? passages.map(structureOf));
  const terms = queryTerms(query, vocabulary);
  const scores = withRoles(withSimilarity(scoreSentences(index, terms, vocabulary), input.similarity), index, query);
  const costs = createUnitCosts(index, counter);
  const openingCostOf = remember(passages.length, (passage) => {
    return separatorTokens + countHeading(headingOf(passage), counter) + costs.openingTokens(passage);
  });
  const fill = {
    costOf: costs.costOf,
    onKeep: costs.keep,
    groupOf: (sentence: number) => index.passageOf[sentence] as number,
    openingCostOf,
    refuses: createRepetitionCheck(index),
    maxMissesInRow,
  };
  const linkedShare = scores.linked ? linkedShareOf(openTerms(index, terms), budgetTokens / Math.max(1, rawTokens)) : 0;
  const filling = fillBudget({ ...fill, scores: scores.direct, budgetTokens: budgetTokens * (1 - linkedShare) });
  fillBudget({ ...fill, scores: scores.linked ?? scores.direct, budgetTokens }, filling);

  const selected = passages.map((_, passage): SelectedPassage => {
    if (!filling.openedGroups.has(passage)) return { text: "", tokens: 0 };
    const first = index.firstSentence[passage] as number;
    const structure = index.structures[passage] as Structure;
    const gaps: Gap[] = [];
    const onGap = input.explain ? (gap: Gap) => gaps.push(gap) : undefined;
    const written = input.written?.[passage];
    const isNew = (unit: number) => filling.kept.has(first + unit) && !written?.has(unit);
    const body = renderKept(structure, isNew, onGap);
    if (body === "") return { text: "", tokens: 0 };
    const text = `${headingOf(passage)}${body}`;
    const tokens = written?.size ? counter.count(text) : openingCostOf(passage) + costs.spentOn(passage);
    const parts = input.explain ? { parts: removedLines(structure, gaps) } : {};
    const units = written ? { units: [...structure.units.keys()].filter(isNew) } : {};
    return { text, tokens, ...parts, ...units };
  });
  return { selected, keptSentences: filling.kept.size, sentences: index.sentences.length };
}

const withSimilarity = ({ direct, linked }: SentenceScores, similarity: Float64Array | undefined): SentenceScores =>
  similarity === undefined
    ? { direct, linked }
    : { direct: addSimilarity(direct, similarity), linked: linked && addSimilarity(linked, similarity) };

const linkedShareOf = (open: number, ratio: number): number =>
  maxLinkedShare * Math.min(1, open / fullyOpenTerms) * Math.min(1, ratio / roomyRatio);

const countHeading = (heading: string, counter: TokenCounter): number => (heading === "" ? 0 : counter.count(heading));

/** Asks for each number once. */
function remember(length: number, compute: (at: number) => number): (at: number) => number {
  const known = new Float64Array(length).fill(-1);
  return (at) => {
    if (known[at] === -1) known[at] = compute(at);
    return known[at] as number;
  };
}

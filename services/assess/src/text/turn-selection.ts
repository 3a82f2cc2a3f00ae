// The turns of a conversation that a question is about, the last ones, and of the others the values that a later step may need.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import type { MessageItem } from "@nocp/contracts/context-item.ts";
import { indexTexts } from "@nocp/text/ranking/index-texts.ts";
import type { RankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import type { CompressedPiece, CompressionInput, CompressionOutput, MeasuredItem } from "../compression-strategy.ts";
import { sumTokens } from "../measure-items.ts";
import type { RecallCurve } from "../recall-curve.ts";
import { emptyFilling, fillBudget } from "./fill-budget.ts";
import { lineBreakTokens } from "./line-break-tokens.ts";
import { isStructured, protectedValues } from "./protected-values.ts";
import { meanRarity } from "./salience.ts";
import { scoreTurns } from "./score-turns.ts";
import { type SelectedPassage, selectSentences } from "./select-sentences.ts";
import { createValueLedger, type Digest } from "./value-ledger.ts";

/**
 * Share of the turns wanted that stand in what is kept, measured on questions about whole stretches of meetings (70 of
 * QMSum), the hardest of the development sets. Values that a next step needs keep more (.97 at .3 on 76 of tau-bench), and
 * so do facts told in a chat (.95 at .3 and .87 at .1 on 256 of LoCoMo).
 */
export const turnCurve: RecallCurve = [
  [0.1, 0.3],
  [0.2, 0.55],
  [0.3, 0.7],
  [0.5, 0.83],
  [0.7, 0.93],
];

/** The last turns stay verbatim while they take at most this share of the budget: more when the question points at nothing. */
const lastTurns = 6;
const lastShare = { weakEvidence: 0.35, evidence: 0.15 } as const;
/** Which values of turns that are left out are protected, and for what share of the budget at most. */
const protectionWithTools = { maxRank: 2, share: 0.6 } as const;
const protectionWithoutTools = { maxRank: 0, share: 0.2 } as const;
/**
 * Share of the budget for turns that match themselves, before whole stretches on the topic: most of it for a question about
 * a fact. One about what was discussed wants stretches, and so does the next step of a conversation with tools.
 */
const closeShare = { stretch: 0.2, fact: 0.8 } as const;
/** A turn that takes more than this share of the budget is not kept whole. */
const longShare = 0.25;
/** Evidence below this (about one rare term) means that the question points at nothing: recent turns are wanted then. */
const weakEvidence = 3;

/** @param similarity of each turn with the question by another measure than words. */
export function turnSelection(
  { items, query, budgetTokens, counter, explain = false }: CompressionInput,
  similarity?: Float64Array,
): CompressionOutput {
  const messages = items.map(({ item }) => item as MessageItem);
  const costs = items.map(({ text, tokens }) => tokens + lineBreakTokens(text));
  const vocabulary = createVocabulary();
  const { index: byText, termsOf: terms } = indexTexts(
    messages.map((message) => message.text),
    vocabulary,
  );
  const { index: byRole } = indexTexts(
    messages.map((message) => message.role),
    vocabulary,
  );
  const keptShare = budgetTokens / Math.max(1, sumTokens(items));
  const scores = scoreTurns({
    query,
    keptShare,
    vocabulary,
    byText,
    byRole,
    ...(similarity === undefined ? {} : { similarity }),
  });
  const costOf = (turn: number): number => costs[turn] as number;
  const filling = emptyFilling();
  const pointsAtSomething = scores.evidence >= weakEvidence;

  const recency = Float64Array.from(items, (_, turn) => (turn >= items.length - lastTurns ? turn + 1 : 0));
  fillBudget(
    { scores: recency, budgetTokens: budgetTokens * (pointsAtSomething ? lastShare.evidence : lastShare.weakEvidence), costOf },
    filling,
  );
  const structured = messages.map((message) => isStructured(message.text));
  const hasTools = structured.includes(true);
  const { maxRank, share } = hasTools ? protectionWithTools : protectionWithoutTools;
  const values = messages.map((message) => protectedValues(message.text, maxRank > 0));
  const ledger = createValueLedger({
    values,
    headOf: (turn) => `${messages[turn]?.role}: … `,
    count: (text) => counter.count(text),
  });
  const reserved = ledger.digest(filling.kept, budgetTokens * share, maxRank).spentTokens;

  const free = budgetTokens - reserved;
  const wantsStretches = scores.asksAboutTalk || hasTools;
  const closeTokens =
    filling.spentTokens + (free - filling.spentTokens) * (wantsStretches ? closeShare.stretch : closeShare.fact);
  if (scores.evidence > 0 || similarity !== undefined)
    fillBudget({ scores: scores.close, budgetTokens: closeTokens, costOf }, filling);
  const long = costs.flatMap((cost, turn) =>
    cost > budgetTokens * longShare && !filling.kept.has(turn) && !structured[turn] ? [turn] : [],
  );
  const excerpts = excerptLongTurns(long, { items, query, budgetTokens: free - filling.spentTokens, counter, explain });
  filling.spentTokens += sumTokens([...excerpts.values()]);
  const wanted = pointsAtSomething ? scores.topic : withSalience(scores.topic, terms, byText);
  const main = wanted.map((score, turn) => (excerpts.has(turn) ? 0 : score));
  fillBudget({ scores: main, budgetTokens: free, costOf }, filling);
  const { digests, spentTokens } = ledger.digest(filling.kept, budgetTokens - filling.spentTokens, maxRank);
  const undigested = main.map((score, turn) => (digests.has(turn) ? 0 : score));
  fillBudget({ scores: undigested, budgetTokens: budgetTokens - spentTokens, costOf }, filling);

  let protectedCount = 0;
  const pieces = items.map(({ item, text, tokens }, turn): CompressedPiece => {
    if (filling.kept.has(turn)) return { itemId: item.id, text, tokens, removed: false };
    const digest = digests.get(turn);
    protectedCount += digest?.values ?? 0;
    const lines = [excerpts.get(turn), digest].filter((line) => line !== undefined);
    const left = lines.map((line) => line.text).join("\n");
    const parts = explain ? { parts: partsOf(excerpts.get(turn), digest) } : {};
    return { itemId: item.id, text: left, tokens: sumTokens(lines), removed: left !== text, ...parts };
  });
  return {
    pieces,
    justification: `kept ${filling.kept.size} of ${items.length} turns and ${protectedCount} values of the others`,
  };
}

/** What is missing of a turn that is not kept. */
function partsOf(excerpt: SelectedPassage | undefined, digest: Digest | undefined): RemovedPart[] {
  const values = `${digest?.values} of its values`;
  if (digest !== undefined)
    return [
      ...(excerpt?.parts ?? []),
      { mark: "…", marks: 1, under: [], what: `all but ${excerpt ? "an excerpt and " : ""}${values}` },
    ];
  return excerpt?.parts ? [...excerpt.parts] : [{ mark: "", marks: 0, under: [], what: "all of it" }];
}

/** Turns too long to be kept whole give their sentences, for their share of the tokens. */
function excerptLongTurns(
  long: readonly number[],
  { items, query, budgetTokens, counter, explain }: CompressionInput,
): Map<number, SelectedPassage> {
  if (long.length === 0 || budgetTokens <= 0) return new Map();
  const messages = long.map((turn) => items[turn]?.item as MessageItem);
  const rawTokens = sumTokens(long.map((turn) => items[turn] as MeasuredItem));
  const { selected } = selectSentences({
    passages: messages.map(({ role, text }) => ({ title: role, text })),
    query,
    budgetTokens: Math.floor((budgetTokens * rawTokens) / Math.max(1, sumTokens(items))),
    rawTokens,
    counter,
    explain,
    headingOf: (at) => `${messages[at]?.role}: `,
  });
  return new Map(long.flatMap((turn, at) => (selected[at]?.text ? [[turn, selected[at]] as const] : [])));
}

/** Without a question that says what is wanted: recent turns first, and among those the ones that say something. */
function withSalience(topic: Float64Array, terms: (turn: number) => number[], byText: RankingIndex): Float64Array {
  const count = topic.length;
  return topic.map((score, turn) => score + (meanRarity(terms(turn), byText.idf) + 0.1) * (0.2 + (turn + 1) / count));
}

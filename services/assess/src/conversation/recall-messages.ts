// Messages of older turns that the question is about, or that matter anyway, within a budget of tokens.

import { indexTexts } from "@nocp/text/ranking/index-texts.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { emptyFilling, fillBudget } from "../text/fill-budget.ts";
import { scoreTurns } from "../text/score-turns.ts";
import { selectSentences } from "../text/select-sentences.ts";
import { type KeptMessage, messageImportance } from "./message-importance.ts";

export interface RecallInput {
  /** Of all turns that are not sent verbatim, in order. */
  readonly messages: readonly KeptMessage[];
  readonly lastTurn: number;
  readonly query: string;
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
}

export interface Recalled {
  /** One a message, in order: `[3] user: …`. */
  readonly lines: readonly string[];
  readonly turns: readonly number[];
}

/** Share of the budget for what matches the question itself, before what stands around it and what matters anyway. */
const closeShare = 0.3;
/** What matters anyway, beside a match of the whole question: it decides between messages that match alike. */
const importanceShare = { evidence: 0.1, weakEvidence: 2 } as const;
/** Evidence below this (about one rare term) means that the question points at nothing. */
const weakEvidence = 3;
/** Rough: the share kept only tells whether there is room to spare. */
const charactersPerToken = 4;
/** A message that takes more than this share of the budget gives its sentences on the question. */
const longShare = 0.25;

/** Linear in the messages, but for the sorting by score. */
export function recallMessages({ messages, lastTurn, query, budgetTokens, counter }: RecallInput): Recalled {
  if (messages.length === 0 || budgetTokens <= 0) return { lines: [], turns: [] };
  const characters = messages.reduce((total, { message }) => total + message.text.length, 0);
  const keptShare = Math.min(1, (budgetTokens * charactersPerToken) / Math.max(1, characters));
  const vocabulary = createVocabulary();
  const { index: byText } = indexTexts(
    messages.map(({ message }) => message.text),
    vocabulary,
  );
  const { index: byRole } = indexTexts(
    messages.map(({ message }) => message.name ?? message.role),
    vocabulary,
  );
  const { close, topic, evidence } = scoreTurns({ query, keptShare, vocabulary, byText, byRole });
  const importance = messageImportance(messages, lastTurn);
  const weight = evidence < weakEvidence ? importanceShare.weakEvidence : importanceShare.evidence;
  const blend = (match: Float64Array) =>
    match.map((score, at) => score / Math.max(1, evidence) + weight * (importance[at] as number));

  const lines = createLines(messages, query, Math.floor(budgetTokens * longShare), counter);
  const filling = emptyFilling();
  const fill = { costOf: lines.costOf, refuses: repetitionCheck(messages) };
  const matching =
    evidence === 0 ? new Float64Array(messages.length) : blend(close).map((score, at) => ((close[at] as number) > 0 ? score : 0));
  fillBudget({ ...fill, scores: matching, budgetTokens: budgetTokens * closeShare }, filling);
  fillBudget({ ...fill, scores: blend(topic), budgetTokens }, filling);
  const kept = [...filling.kept].sort((a, b) => a - b);
  return { lines: kept.map(lines.textOf), turns: [...new Set(kept.map((at) => messages[at]?.turn ?? 0))] };
}

/** The line of a message, cut to its sentences on the question where it is long; made when it is asked for. */
function createLines(messages: readonly KeptMessage[], query: string, maxTokens: number, counter: TokenCounter) {
  const made = new Map<number, { readonly text: string; readonly tokens: number }>();
  const lineOf = (at: number) => {
    const known = made.get(at);
    if (known) return known;
    const line = lineText(messages[at] as KeptMessage, query, maxTokens, counter);
    made.set(at, line);
    return line;
  };
  return { textOf: (at: number) => lineOf(at).text, costOf: (at: number) => lineOf(at).tokens };
}

/** A line break is a token at most. */
const lineBreak = 1;

function lineText({ turn, message: { role, name, text } }: KeptMessage, query: string, maxTokens: number, counter: TokenCounter) {
  const heading = `[${turn}] ${name ?? role}: `;
  const whole = `${heading}${text.trim()}`;
  const tokens = counter.count(whole) + lineBreak;
  if (tokens <= maxTokens) return { text: whole, tokens };
  const { selected } = selectSentences({
    passages: [{ title: role, text }],
    query,
    budgetTokens: maxTokens,
    rawTokens: tokens,
    counter,
    headingOf: () => `${heading}… `,
  });
  const excerpt = selected[0]?.text ?? "";
  // Nothing of it fits: it costs more than there is, so that it is never taken.
  return excerpt === ""
    ? { text: "", tokens: Number.POSITIVE_INFINITY }
    : { text: excerpt, tokens: counter.count(excerpt) + lineBreak };
}

/** Refuses a message that says word for word what one taken before says. */
function repetitionCheck(messages: readonly KeptMessage[]): (at: number) => boolean {
  const taken = new Map<string, number>();
  return (at) => {
    const text = messages[at]?.message.text.trim() ?? "";
    const first = taken.get(text);
    if (first === undefined) taken.set(text, at);
    return first !== undefined && first !== at;
  };
}

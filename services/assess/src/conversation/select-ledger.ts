// The entries of a session's ledger that go into a prompt: one line a sentence, within a budget of tokens.
import type { LedgerEntry, LedgerKind } from "@nocp/contracts/session.ts";
import { distinctiveness } from "@nocp/text/ledger/distinctiveness.ts";
import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import { indexTexts } from "@nocp/text/ranking/index-texts.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { fillBudget } from "../text/fill-budget.ts";

const kindWeight: Readonly<Record<LedgerKind, number>> = { decision: 1, identifier: 0.8, name: 0.4, number: 0.4 };
/** What a mention in a further turn adds, and how many count. */
const mentionWeight = 0.15;
const manyMentions = 4;
/** What the newest turn has over the first. */
const recencyWeight = 0.3;
/** What a match of the question has over all of these. */
const matchWeight = 3;
/** What a sentence unlike all others has over one that repeats them. */
const distinctWeight = 1;

export interface LedgerSelection {
  readonly entries: readonly LedgerEntry[];
  readonly query: string;
  readonly lastTurn: number;
  /** Texts that the prompt holds already: a value in one of them needs no line. */
  readonly shown: string;
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
}

/** @returns lines such as `[3] My booking code is QX-7731.`, in the order of the turns. */
export function selectLedgerLines({ entries, query, lastTurn, shown, budgetTokens, counter }: LedgerSelection): string[] {
  const lines = new Map<string, { readonly turn: number; weight: number }>();
  for (const entry of entries) {
    if (shows(shown, entry.value)) continue;
    const text = `[${entry.turn}] ${lineOf(entry)}`;
    const weight = weightOf(entry, lastTurn);
    const known = lines.get(text);
    if (known) known.weight = Math.max(known.weight, weight);
    else lines.set(text, { turn: entry.turn, weight });
  }
  const texts = [...lines.keys()];
  const matches = matchesOf(texts, query);
  const distinct = distinctiveness(texts);
  const scores = Float64Array.from(
    texts,
    (text, at) =>
      (lines.get(text)?.weight ?? 0) + distinctWeight * (distinct[at] as number) + matchWeight * (matches[at] as number),
  );
  const { kept } = fillBudget({ scores, budgetTokens, costOf: (at) => counter.count(texts[at] as string) + 1 });
  return texts.filter((_, at) => kept.has(at)).sort((a, b) => (lines.get(a)?.turn ?? 0) - (lines.get(b)?.turn ?? 0));
}

const isWordCharacter = /[A-Za-z0-9]/;

/** Whether a text has a value by itself, not as a part of a longer word or number. */
function shows(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const after = text[at + value.length] ?? "";
    const insideBefore = isWordCharacter.test(text[at - 1] ?? "") && isWordCharacter.test(value[0] ?? "");
    if (!insideBefore && !(isWordCharacter.test(after) && isWordCharacter.test(value.at(-1) ?? ""))) return true;
  }
  return false;
}

/** The sentence; the value before it where the sentence was cut short of it. */
const lineOf = ({ value, context }: LedgerEntry): string =>
  (context.includes(value) ? context : `${value}: ${context}`).replaceAll("\n", " ");

const weightOf = ({ kind, mentions, turn }: LedgerEntry, lastTurn: number): number =>
  kindWeight[kind] + mentionWeight * Math.min(manyMentions, mentions - 1) + (recencyWeight * turn) / Math.max(1, lastTurn);

/** Between 0 and 1: the share of the best match. */
function matchesOf(texts: readonly string[], query: string): Float64Array {
  const vocabulary = createVocabulary();
  const { index } = indexTexts(texts, vocabulary);
  const terms = queryTerms(query, vocabulary);
  const scores = new Float64Array(texts.length);
  index.addScores(terms, scores);
  const best = scores.reduce((a, b) => Math.max(a, b), 0);
  return best === 0 ? scores : scores.map((score) => score / best);
}

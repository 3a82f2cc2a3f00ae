// A summary without a model: the sentences that matter most, of the old summary and the new turns alike, word for word.
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { isDecision } from "@nocp/text/ledger/decision.ts";
import { distinctiveness } from "@nocp/text/ledger/distinctiveness.ts";
import { ledgerValues } from "@nocp/text/ledger/ledger-values.ts";
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { fillBudget } from "../text/fill-budget.ts";
import type { Summarizer } from "./summarizer.ts";

/** A line of the summary: `[3] user: We decided to …` */
interface Line {
  readonly turn: number;
  readonly role: string;
  readonly text: string;
}

const linePattern = /^\[(\d+)\] ([^:]{1,128}): (.*)$/;
/** Shorter sentences greet, thank and agree. */
const minTerms = 2;
const weights = { distinctiveness: 2, decision: 1, value: 0.25, user: 0.3, other: 0.1 } as const;
const manyValues = 3;

export const extractiveSummarizer: Summarizer = {
  async summarize({ previous, turns, maxTokens, counter, signal }) {
    const lines = [...previousLines(previous), ...turns.flatMap(linesOfTurn)];
    signal.throwIfAborted();
    const scores = scoreLines(lines);
    const rendered = lines.map(({ turn, role, text }) => `[${turn}] ${role}: ${text}`);
    // A line break is a token at most.
    const { kept } = fillBudget({
      scores,
      budgetTokens: maxTokens,
      costOf: (line) => counter.count(rendered[line] as string) + 1,
    });
    return rendered.filter((_, line) => kept.has(line)).join("\n");
  },
};

/** A summary that a model wrote has no marks: its lines are kept as they are, as if said in the first turn. */
const previousLines = (previous: string): Line[] =>
  previous
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, turn, role, text] = linePattern.exec(line) ?? [];
      return turn === undefined
        ? { turn: 1, role: "summary", text: line }
        : { turn: Number(turn), role: role ?? "", text: text ?? "" };
    });

const linesOfTurn = ({ number, messages }: SessionTurn): Line[] =>
  messages.flatMap(({ role, name, text }) =>
    splitSentences(text).flatMap(({ start, end }) => {
      const sentence = text.slice(start, end).replaceAll(/\s+/gu, " ").trim();
      return sentence === "" ? [] : [{ turn: number, role: (name ?? role).replaceAll(/[:\n]/g, " "), text: sentence }];
    }),
  );

/** 0 for what says nothing or repeats; else decisions, values, and what was said only once. */
function scoreLines(lines: readonly Line[]): Float64Array {
  const distinct = distinctiveness(lines.map(({ text }) => text));
  const vocabulary = createVocabulary();
  const seen = new Set<string>();
  return Float64Array.from(lines, ({ role, text }, at) => {
    const terms: number[] = [];
    vocabulary.append(text, terms);
    const key = terms.join(" ");
    if (terms.length < minTerms || seen.has(key)) return 0;
    seen.add(key);
    const values = ledgerValues(text).filter(({ kind }) => kind !== "decision").length;
    return (
      weights.distinctiveness * (distinct[at] as number) +
      (isDecision(text) ? weights.decision : 0) +
      weights.value * Math.min(manyValues, values) +
      (role === "user" ? weights.user : weights.other)
    );
  });
}

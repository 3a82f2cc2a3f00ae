// What a unit's role adds to its score: failures where something went wrong, names of files and sections where all is asked for.
import { isAlarming } from "../structured/alarming-words.ts";
import { parseQuestion } from "../structured/question.ts";
import type { IndexedPassages } from "./passages.ts";
import type { SentenceScores } from "./score-sentences.ts";

/** Above what any word of the question adds, so that it comes first. */
const askedFor = 10;
/** A failure tells something where nobody asked for it. */
const worthSaying = 0.8;

const failureQuestion =
  /\b(?:wrong|broke|broken|breaks?|problems?|issues?|bugs?|cause[ds]?|reason|fix|red|pass(?:ed)?|why did|falsch|kaputt|warum|problème|pourquoi|falla|por qué|problema)\b|为什么|原因|问题|なぜ|原因|問題|왜|почему|причин/i;

export const asksForFailure = (query: string): boolean => isAlarming(query) || failureQuestion.test(query);

/** Units that stand above others where everything is asked for: what there is, before what each says. */
const overviewRoles: ReadonlySet<string> = new Set(["file", "commit", "heading", "section", "declaration", "page", "table"]);

export function withRoles(scores: SentenceScores, index: IndexedPassages, query: string): SentenceScores {
  const roles = new Set(index.sentences.map(({ role }) => role));
  const hasFailures = roles.has("failure");
  const isOverview = [...roles].some((role) => overviewRoles.has(role)) && parseQuestion(query).isOverview;
  if (!hasFailures && !isOverview) return scores;
  const failureBonus = asksForFailure(query) ? askedFor : worthSaying;
  const bonusOf = (role: string): number =>
    role === "failure" ? failureBonus : isOverview && overviewRoles.has(role) ? askedFor / 2 : 0;
  const raise = (values: Float64Array) => values.map((score, unit) => score + bonusOf(index.sentences[unit]?.role ?? ""));
  return { direct: raise(scores.direct), linked: scores.linked && raise(scores.linked) };
}

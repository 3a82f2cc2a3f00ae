// What a unit's role adds to its score: failures where something went wrong, names of files and sections where all is asked for.
import { asksForFailure } from "@nocp/text/words/alarming-words.ts";
import { parseQuestion } from "@nocp/text/questions/question.ts";
import type { IndexedPassages } from "./passages.ts";
import type { SentenceScores } from "./score-sentences.ts";

/** Above what any word of the question adds, so that it comes first. */
const askedFor = 10;
/** A failure tells something where nobody asked for it. */
const worthSaying = 0.8;

/** Units that stand above others where everything is asked for: what there is, before what each says. */
const overviewRoles: ReadonlySet<string> = new Set(["file", "commit", "heading", "section", "declaration", "page", "table"]);

/** Names of what stands below them: alone they say little, and whatever is kept below brings them along. */
const namingRoles: ReadonlySet<string> = new Set(["heading", "section", "page", "table", "fence", "turn"]);
const nameShare = 0.05;
/** An entry with parts of its own says something, too. */
const entryShare = 0.5;

export function withRoles(scores: SentenceScores, index: IndexedPassages, query: string): SentenceScores {
  const roles = new Set(index.sentences.map(({ role }) => role));
  // Most prose has sentences alone.
  if (roles.size === 1 && roles.has("prose")) return scores;
  const isOverview = [...roles].some((role) => overviewRoles.has(role)) && parseQuestion(query).isOverview;
  const failureBonus = asksForFailure(query) ? askedFor : worthSaying;
  const hasParts = new Uint8Array(index.sentences.length);
  for (const parent of index.parentOf) if (parent !== -1) hasParts[parent] = 1;
  const raise = (values: Float64Array) =>
    values.map((score, unit) => {
      const role = index.sentences[unit]?.role ?? "prose";
      if (role === "failure") return score + failureBonus;
      if (isOverview) return overviewRoles.has(role) ? score + askedFor / 2 : score;
      if (hasParts[unit] === 0) return score;
      return namingRoles.has(role) ? score * nameShare : role === "entry" ? score * entryShare : score;
    });
  return { direct: raise(scores.direct), linked: scores.linked && raise(scores.linked) };
}

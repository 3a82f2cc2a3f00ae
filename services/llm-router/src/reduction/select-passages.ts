// What of a text matters most to a question, in so many tokens: for a request that is to fit a smaller window than it was made for.
import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import { indexTexts } from "@nocp/text/ranking/index-texts.ts";
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";

/** Stands where something is missing, and counts one token. */
const gap = "[…]";
const gapTokens = 2;

/**
 * The sentences and lines with most of the question (BM25), in the order of the text, as many as fit. Linear in the text but for
 * the sorting of its sentences.
 * @param count tokens of a text.
 */
export function selectPassages(text: string, question: string, mostTokens: number, count: (text: string) => number): string {
  if (count(text) <= mostTokens) return text;
  const passages = splitSentences(text).map(({ start, end }) => text.slice(start, end));
  const vocabulary = createVocabulary();
  const terms = queryTerms(question, vocabulary);
  const { index } = indexTexts(passages, vocabulary);
  const scores = new Float64Array(passages.length);
  index.addScores(terms, scores);
  // Of equals the earlier: the beginning of a text says what it is about.
  const byWorth = passages.map((_, at) => at).sort((one, other) => scores[other]! - scores[one]! || one - other);
  const kept = new Set<number>();
  let left = mostTokens;
  for (const at of byWorth) {
    const tokens = count(passages[at]!) + gapTokens;
    if (tokens > left) continue;
    left -= tokens;
    kept.add(at);
  }
  return withGaps(passages, kept);
}

function withGaps(passages: readonly string[], kept: ReadonlySet<number>): string {
  const parts: string[] = [];
  let isInGap = false;
  for (const [at, passage] of passages.entries()) {
    if (kept.has(at)) parts.push(passage);
    else if (!isInGap) parts.push(parts.at(-1)?.endsWith("\n") === false ? ` ${gap} ` : `${gap}\n`);
    isInGap = !kept.has(at);
  }
  return parts.join("");
}

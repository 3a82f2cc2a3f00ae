// How much a question asks for a column: its words against the words of the column's path.

import type { Question, QuestionTerm } from "@nocp/text/questions/question.ts";
import { synonymGroupsOf } from "@nocp/text/words/field-words.ts";
import { englishWeakWords } from "@nocp/text/words/function-words.ts";
import { isPaired } from "@nocp/text/words/scripts.ts";
import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import { stemSimilarity } from "@nocp/text/words/stem-similarity.ts";
import type { Column } from "./value-tree.ts";

export interface ColumnRelevance {
  /** 0 to 1 for a column with leaves; absent when no word of its path is asked for. */
  readonly scoreOf: ReadonlyMap<Column, number>;
  /** Indices of the question's terms that name a key. */
  readonly keyTerms: ReadonlySet<number>;
}

interface KeyMatch {
  readonly term: number;
  readonly strength: number;
}

interface Path {
  /** Best strength for each matched term, by the position of the key from the leaf (0 is the leaf's own). */
  readonly best: ReadonlyMap<number, number>;
  readonly leafShare: number;
  readonly unmatchedKeys: number;
}

/** Weight of a term found in an ancestor's key, against one in the leaf's own. */
const ancestorWeight = 0.75;
const synonymStrength = 0.5;

export function relevanceOfColumns(columns: readonly Column[], question: Question): ColumnRelevance {
  const matchesOfWord = createWordMatcher(question);
  const paths = new Map<Column, Path>();
  const pathOf = (column: Column): Path => {
    const known = paths.get(column);
    if (known) return known;
    const parent = column.parent && paths.get(column.parent);
    const path = extendPath(parent ?? null, column, matchesOfWord, question);
    paths.set(column, path);
    return path;
  };
  const termFrequency = new Map<number, number>();
  let leafColumns = 0;
  for (const column of columns) {
    const path = pathOf(column);
    if (column.leafCount === 0) continue;
    leafColumns++;
    for (const term of path.best.keys()) termFrequency.set(term, (termFrequency.get(term) ?? 0) + 1);
  }
  const termWeight = (term: number): number =>
    (question.terms[term]?.weight ?? 0) * Math.log(1 + leafColumns / (termFrequency.get(term) ?? 1));
  const bestOf = new Map<number, number>();
  for (const column of columns) {
    if (column.leafCount === 0) continue;
    for (const [term, strength] of pathOf(column).best) bestOf.set(term, Math.max(bestOf.get(term) ?? 0, strength));
  }
  let total = 0;
  for (const [term, strength] of bestOf) total += termWeight(term) * strength;

  const scoreOf = new Map<Column, number>();
  if (total > 0)
    for (const column of columns) {
      if (column.leafCount === 0) continue;
      const path = pathOf(column);
      if (path.best.size === 0) continue;
      let covered = 0;
      for (const [term, strength] of path.best) covered += termWeight(term) * strength;
      const precision = path.leafShare > 0 ? 0.55 + 0.45 * path.leafShare : 0.4;
      scoreOf.set(column, Math.min(1, covered / total) * precision * 0.93 ** path.unmatchedKeys);
    }
  return { scoreOf, keyTerms: new Set([...bestOf].filter(([, strength]) => strength >= 0.6).map(([term]) => term)) };
}

/** Matches of the path's keys so far, and of one key more. Elements of a list add no key. */
function extendPath(
  parent: Path | null,
  column: Column,
  matchesOfWord: (word: string) => readonly KeyMatch[],
  question: Question,
): Path {
  if (column.isElement && parent) return parent;
  const best = new Map<number, number>();
  for (const [term, strength] of parent?.best ?? []) best.set(term, strength * ancestorWeight);
  let matched = 0;
  let total = 0;
  for (const word of wordsOfKey(column.key)) {
    const weight = englishWeakWords.has(word) || /^\d+$/.test(word) ? 0.3 : 1;
    total += weight;
    let strongest = 0;
    for (const { term, strength } of matchesOfWord(word)) {
      best.set(term, Math.max(best.get(term) ?? 0, strength));
      strongest = Math.max(strongest, strength * ((question.terms[term] as QuestionTerm).weight < 0.3 && weight === 1 ? 0.5 : 1));
    }
    matched += weight * strongest;
  }
  const isRoot = column.parent === null;
  const leafShare = total === 0 || isRoot ? 0 : matched / total;
  const unmatchedKeys = (parent?.unmatchedKeys ?? 0) + (leafShare === 0 && !isRoot ? 1 : 0);
  return { best: isRoot ? new Map() : best, leafShare, unmatchedKeys };
}

/** Terms that a key's word stands for, remembered by word: a payload has few different ones. */
function createWordMatcher(question: Question): (word: string) => readonly KeyMatch[] {
  const remembered = new Map<string, readonly KeyMatch[]>();
  const termGroups = question.terms.map(({ text }) => synonymGroupsOf(text));
  return (word) => {
    const known = remembered.get(word);
    if (known) return known;
    const matches: KeyMatch[] = [];
    const stem = question.stemOf(word);
    const groups = synonymGroupsOf(word);
    for (const [term, { text, stem: termStem, isLiteral, weight }] of question.terms.entries()) {
      const isExact = isLiteral || weight < 0.3;
      const similarity = text === word ? 1 : isExact ? 0 : stemSimilarity(termStem, stem);
      if (similarity > 0) matches.push({ term, strength: similarity });
      else if (!isExact && groups && termGroups[term]?.some((group) => groups.includes(group)))
        matches.push({ term, strength: synonymStrength });
    }
    if (matches.length === 0 && isPaired(word) && question.text.includes(word)) {
      const term = question.terms.findIndex(({ text }) => word.includes(text) || text.includes(word));
      if (term >= 0) matches.push({ term, strength: 1 });
    }
    if (remembered.size < 100_000) remembered.set(word, matches);
    return matches;
  };
}

// How much of a question one passage alone can answer: what it leaves open is the reason to look further.

import type { WeightedTerms } from "@nocp/text/ranking/ranking-index.ts";
import type { IndexedPassages } from "./passages.ts";

/**
 * How many of the question's terms, weighted by rarity, the passage that has most of them lacks. About 1 for a question
 * that one passage answers, 3 and more for one that takes several. Terms that no passage has are not counted.
 */
export function openTerms({ byPassage, byTitle, passages }: IndexedPassages, terms: WeightedTerms): number {
  const covered = new Float64Array(passages.length);
  let total = 0;
  let present = 0;
  for (const [term, weight] of terms) {
    const holders = new Set([...byPassage.unitsWith(term), ...byTitle.unitsWith(term)]);
    if (holders.size === 0) continue;
    const share = Math.min(1, weight);
    const rarity = share * Math.max(byPassage.idf(term), byTitle.idf(term));
    present += share;
    total += rarity;
    for (const passage of holders) covered[passage] = (covered[passage] as number) + rarity;
  }
  if (total === 0) return 0;
  return present * (1 - covered.reduce((a, b) => Math.max(a, b), 0) / total);
}

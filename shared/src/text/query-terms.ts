// The question as weighted terms.
import type { Vocabulary } from "./vocabulary.ts";

/** A term that the question repeats counts this much at most. */
const maxWeight = 2;

export function queryTerms(query: string, vocabulary: Vocabulary): Map<number, number> {
  const ids: number[] = [];
  vocabulary.append(query, ids);
  const weights = new Map<number, number>();
  for (const id of ids) weights.set(id, Math.min(maxWeight, (weights.get(id) ?? 0) + 1));
  return weights;
}

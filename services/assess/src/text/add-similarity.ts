// Scores by words and by meaning as one: each in its own standard deviations, since scores of different makes have no common unit.

/**
 * Both count the same. By ranks instead (reciprocal rank fusion), a passage that is found through a name in another one
 * loses its place to whatever resembles the question: MuSiQue at .3 of the tokens keeps .80 by ranks, .84 so, and .83 by
 * words alone, with the static vectors of WordLlama.
 * @param scores by words, of at least 0.
 * @param similarity of each unit with the question, of any range.
 * @returns the scores in their own unit, raised by similarity: never below what they were, so that none is lost at 0.
 */
export function addSimilarity(scores: Float64Array, similarity: Float64Array): Float64Array {
  const own = spreadOf(scores);
  const other = spreadOf(similarity);
  if (other.deviation === 0) return scores;
  // Without a word in common, similarity alone decides.
  const unit = own.deviation === 0 ? 1 : own.deviation;
  return scores.map((score, at) => score + (unit * ((similarity[at] as number) - other.lowest)) / other.deviation);
}

function spreadOf(values: Float64Array): { readonly deviation: number; readonly lowest: number } {
  let sum = 0;
  let squares = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const value of values) {
    sum += value;
    squares += value * value;
    lowest = Math.min(lowest, value);
  }
  const mean = sum / Math.max(1, values.length);
  const variance = squares / Math.max(1, values.length) - mean * mean;
  // Rounding leaves a trace of equal values.
  return { deviation: variance > 1e-12 ? Math.sqrt(variance) : 0, lowest };
}

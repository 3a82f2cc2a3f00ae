// An inverted index over the units of one request, built once, and BM25 over it.

/** Weight by term id. */
export type WeightedTerms = ReadonlyMap<number, number>;

export interface RankingIndex {
  readonly unitCount: number;
  /** Adds each unit's BM25 score for the terms to `scores`. Time grows with the terms' postings, not with the text. */
  addScores(terms: WeightedTerms, scores: Float64Array): void;
  /** Inverse document frequency of a term, 0 for one that no unit has. */
  idf(term: number): number;
  /** Terms in a unit, repetitions included. */
  lengthOf(unit: number): number;
  /** Units that have the term, ascending. */
  unitsWith(term: number): Int32Array;
}

/** Saturation of repeated terms and weight of a unit's length; the values of Robertson and Zaragoza, 2009, section 3.5. */
export interface Bm25Constants {
  readonly k1: number;
  readonly b: number;
}

/**
 * @param termIds terms of all units, one after the other.
 * @param ends for each unit, where its terms end in `termIds`.
 * @param vocabularySize ids are below it.
 */
export function buildRankingIndex(
  termIds: readonly number[],
  ends: readonly number[],
  vocabularySize: number,
  { k1, b }: Bm25Constants = { k1: 1.2, b: 0.75 },
): RankingIndex {
  const unitCount = ends.length;
  // Counting sort by term: postings of term t stand between postingStart[t] and postingStart[t + 1].
  const postingStart = new Int32Array(vocabularySize + 1);
  const lastUnit = new Int32Array(vocabularySize).fill(-1);
  for (let unit = 0, at = 0; unit < unitCount; unit++)
    for (const end = ends[unit] as number; at < end; at++) {
      const term = termIds[at] as number;
      if (lastUnit[term] === unit) continue;
      lastUnit[term] = unit;
      postingStart[term + 1] = (postingStart[term + 1] as number) + 1;
    }
  for (let term = 0; term < vocabularySize; term++) {
    postingStart[term + 1] = (postingStart[term + 1] as number) + (postingStart[term] as number);
  }
  const total = postingStart[vocabularySize] as number;
  const units = new Int32Array(total);
  const frequencies = new Uint16Array(total);
  const cursor = postingStart.slice();
  lastUnit.fill(-1);
  for (let unit = 0, at = 0; unit < unitCount; unit++)
    for (const end = ends[unit] as number; at < end; at++) {
      const term = termIds[at] as number;
      if (lastUnit[term] !== unit) {
        lastUnit[term] = unit;
        units[cursor[term] as number] = unit;
        cursor[term] = (cursor[term] as number) + 1;
      }
      const posting = (cursor[term] as number) - 1;
      if ((frequencies[posting] as number) < 0xffff) frequencies[posting] = (frequencies[posting] as number) + 1;
    }

  const averageLength = Math.max(1, termIds.length / Math.max(1, unitCount));
  const lengthOf = (unit: number): number => (ends[unit] as number) - (unit === 0 ? 0 : (ends[unit - 1] as number));
  const has = (term: number): boolean => term >= 0 && term < vocabularySize;
  const idf = (term: number): number => {
    if (!has(term)) return 0;
    const frequency = (postingStart[term + 1] as number) - (postingStart[term] as number);
    return frequency === 0 ? 0 : Math.log(1 + (unitCount - frequency + 0.5) / (frequency + 0.5));
  };
  return {
    unitCount,
    idf,
    lengthOf,
    unitsWith: (term) =>
      has(term) ? units.subarray(postingStart[term] as number, postingStart[term + 1] as number) : new Int32Array(0),
    addScores(terms, scores) {
      for (const [term, weight] of terms) {
        if (!has(term)) continue;
        const rarity = weight * idf(term);
        for (let at = postingStart[term] as number; at < (postingStart[term + 1] as number); at++) {
          const unit = units[at] as number;
          const frequency = frequencies[at] as number;
          const saturation = frequency + k1 * (1 - b + (b * lengthOf(unit)) / averageLength);
          scores[unit] = (scores[unit] as number) + (rarity * frequency * (k1 + 1)) / saturation;
        }
      }
    },
  };
}

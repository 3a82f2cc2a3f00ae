// Two rankings as one, by their ranks alone: scores of different makes cannot be added.

/** Dampens the first ranks; the value of Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009. */
const k = 60;

/** @returns for each unit Σ 1 / (60 + rank), rank 1 being the best; equal scores share the rank of the first of them. */
export function fuseRankings(...rankings: readonly Float64Array[]): Float64Array {
  const fused = new Float64Array(rankings[0]?.length ?? 0);
  for (const scores of rankings) {
    ranksOf(scores).forEach((rank, unit) => {
      fused[unit] = (fused[unit] as number) + 1 / (k + rank);
    });
  }
  return fused;
}

function ranksOf(scores: Float64Array): Float64Array {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const ranks = new Float64Array(scores.length);
  order.forEach((unit, at) => {
    const before = order[at - 1];
    ranks[unit] = before !== undefined && scores[before] === scores[unit] ? (ranks[before] as number) : at + 1;
  });
  return ranks;
}

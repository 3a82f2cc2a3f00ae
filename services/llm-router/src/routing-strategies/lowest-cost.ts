// The cheapest candidate for this request.
import { defineRoutingStrategy } from "../routing-strategy.ts";

export default defineRoutingStrategy({
  name: "lowest-cost",
  description: "The candidate whose price for this prompt and an answer of usual length is lowest; unknown prices come last.",
  isRepeatable: true,
  start: () => ({
    order: ({ candidates }) =>
      candidates
        .map((candidate) => ({ candidate, usd: candidate.estimatedUsd ?? Number.POSITIVE_INFINITY }))
        .sort((one, other) => (one.usd === other.usd ? 0 : one.usd - other.usd))
        .map(({ candidate }) => ({
          candidate,
          why: candidate.estimatedUsd === null ? "price unknown" : `about $${candidate.estimatedUsd.toFixed(6)}`,
        })),
  }),
});

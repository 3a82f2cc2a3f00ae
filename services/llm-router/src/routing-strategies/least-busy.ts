// The candidate with the fewest calls in flight.
import { defineRoutingStrategy } from "../routing-strategy.ts";

export default defineRoutingStrategy({
  name: "least-busy",
  description: "The candidate with the fewest calls in flight for its weight, at random among equals.",
  isRepeatable: false,
  start: () => ({
    order: ({ candidates, random }) =>
      candidates
        .map((candidate) => ({ candidate, load: (candidate.inFlight + 1) / candidate.weight, chance: random() }))
        .sort((one, other) => one.load - other.load || one.chance - other.chance)
        .map(({ candidate }) => ({ candidate, why: `${candidate.inFlight} in flight` })),
  }),
});

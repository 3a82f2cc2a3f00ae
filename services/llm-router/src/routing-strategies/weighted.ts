// Shares of the requests by weight, chosen at random.
import { defineRoutingStrategy } from "../routing-strategy.ts";

export default defineRoutingStrategy({
  name: "weighted",
  description: "Each candidate gets a share of the requests in proportion to its weight; the rest follows by the same odds.",
  isRepeatable: false,
  start: () => ({
    order({ candidates, random }) {
      const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
      // Drawn without replacement: Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
      return candidates
        .map((candidate) => ({ candidate, key: -Math.log(1 - random()) / candidate.weight }))
        .sort((one, other) => one.key - other.key)
        .map(({ candidate }) => ({ candidate, why: `weight ${candidate.weight} of ${total}` }));
    },
  }),
});

// The order in which the candidates are named.
import { defineRoutingStrategy } from "../routing-strategy.ts";

export default defineRoutingStrategy({
  name: "ordered",
  description: "The first candidate, and the next ones only when it fails.",
  isRepeatable: true,
  start: () => ({
    order: ({ candidates }) => candidates.map((candidate, index) => ({ candidate, why: `number ${index + 1} in order` })),
  }),
});

// Each candidate in turn.
import { defineRoutingStrategy } from "../routing-strategy.ts";

/** Groups may be named by requests: the memory of turns is bounded. */
const rememberedGroups = 1_000;

export default defineRoutingStrategy({
  name: "round-robin",
  description: "Each candidate in turn, counted by each replica for itself.",
  isRepeatable: false,
  start() {
    const turns = new Map<string, number>();
    return {
      order({ group, candidates }) {
        const turn = turns.get(group) ?? 0;
        if (turns.size >= rememberedGroups && !turns.has(group)) turns.clear();
        turns.set(group, turn + 1);
        const first = turn % candidates.length;
        return [...candidates.slice(first), ...candidates.slice(0, first)].map((candidate, index) => ({
          candidate,
          why: index === 0 ? `its turn among ${candidates.length}` : `turn ${index} later`,
        }));
      },
    };
  },
});

// The faster of two candidates chosen at random, by the peak-weighted average of their latency.
import { defineRoutingStrategy, type StrategyCandidate } from "../routing-strategy.ts";

/** Of a candidate that has not answered yet, while it is being tried: one call finds out, not all of them. */
const unknownButBusyMs = 60_000;

/**
 * What one more call can expect to wait, as in Finagle's peak EWMA balancer: a candidate that nobody has called comes first.
 * The best of all would get every request of all replicas at once; the better of two at random spreads them (Mitzenmacher 2001).
 */
const expectedMs = ({ latencyMs, inFlight }: StrategyCandidate): number =>
  latencyMs === undefined ? unknownButBusyMs * inFlight : latencyMs * (inFlight + 1);

export default defineRoutingStrategy({
  name: "lowest-latency",
  description: "The faster of two candidates chosen at random, by their time to the first piece of an answer and their load.",
  isRepeatable: false,
  start: () => ({
    order({ candidates, random }) {
      const byLatency = [...candidates].sort((one, other) => expectedMs(one) - expectedMs(other));
      const first = Math.floor(random() * byLatency.length);
      const second = (first + 1 + Math.floor(random() * (byLatency.length - 1))) % byLatency.length;
      const chosen = byLatency[Math.min(first, byLatency.length > 1 ? second : first)]!;
      return [chosen, ...byLatency.filter((candidate) => candidate !== chosen)].map((candidate) => ({
        candidate,
        why: candidate.latencyMs === undefined ? "not called yet" : `about ${Math.round(expectedMs(candidate))} ms`,
      }));
    },
  }),
});

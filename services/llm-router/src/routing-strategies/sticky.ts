// The same candidate for requests whose prompts begin alike: a warm prompt cache is worth more than a cheaper model.
import { createHash } from "node:crypto";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { defineRoutingStrategy } from "../routing-strategy.ts";

/** In (0, 1), evenly, and always the same for the same two. */
function shareOf(key: string, { provider, model }: RouteCandidate): number {
  const digest = createHash("sha256").update(`${key}\n${provider}/${model}`).digest();
  return (digest.readUInt32BE(0) + 0.5) / 2 ** 32;
}

export default defineRoutingStrategy({
  name: "sticky",
  description: "The same candidate for all requests of a session, or whose prompts begin alike.",
  isRepeatable: true,
  start: () => ({
    // Rendezvous hashing: a candidate that comes or goes moves its own share of the keys and no other.
    order: ({ candidates, request }) =>
      candidates
        .map((candidate) => ({ candidate, key: -Math.log(shareOf(request.prefixKey, candidate)) / candidate.weight }))
        .sort((one, other) => one.key - other.key)
        .map(({ candidate }, index) => ({
          candidate,
          why: index === 0 ? "has prompts that begin like this one" : "next for prompts that begin like this one",
        })),
  }),
});

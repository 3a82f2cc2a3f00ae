// The route of a request as it is told: who could have answered it, who did, and why.
import { z } from "zod";

/** From the cheapest that can do the work to the best; `local` are models that run on one's own machines. */
export const modelTiers = ["economy", "standard", "premium", "local"] as const;
export type ModelTier = (typeof modelTiers)[number];

export const routeOutcomes = ["answered", "failed", "skipped", "spare", "unfit"] as const;

export const routeSchema = z.object({
  line: z.string().describe("Which candidate answered and why, in one sentence."),
  strategy: z.string().describe("What put the candidates in order; docs/routing.md lists the strategies."),
  candidates: z
    .array(
      z.object({
        provider: z.string(),
        model: z.string(),
        outcome: z
          .enum(routeOutcomes)
          .describe(
            "failed: called without an answer; skipped: not called when its turn came; spare: not needed; unfit: left out beforehand.",
          ),
        why: z.string().describe("Why it has its place, failed, or was left out."),
      }),
    )
    .describe("All that were considered, in the order of the route."),
});
export type Route = z.infer<typeof routeSchema>;

// The tier that the request deserves: by rules on tag, language, size and complexity, and within a tier the cheapest.
import { type ModelTier, modelTiers } from "@nocp/contracts/route.ts";
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { languageNameOf, questionLanguageNames } from "@nocp/text/questions/question-language.ts";
import { z } from "zod";
import { complexities, complexityOf } from "../routing/complexity.ts";
import { defineRoutingStrategy, type StrategyRequest } from "../routing-strategy.ts";

const ruleSchema = z.strictObject({
  tags: z.array(z.string()).optional(),
  languages: z.array(z.enum(questionLanguageNames)).optional(),
  minInputTokens: z.number().nonnegative().optional(),
  maxInputTokens: z.number().nonnegative().optional(),
  complexity: z.enum(complexities).optional(),
  tier: z.enum(modelTiers),
});
type Rule = z.infer<typeof ruleSchema>;

/** When no rule applies. */
const tierOfComplexity = { low: "economy", medium: "standard", high: "premium" } as const;

/** Who comes next when the wanted tier has no candidate left: rather a better model than a worse one. */
const nextTiers: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  local: ["local", "economy", "standard", "premium"],
  economy: ["economy", "standard", "premium", "local"],
  standard: ["standard", "premium", "economy", "local"],
  premium: ["premium", "standard", "economy", "local"],
};

export default defineRoutingStrategy({
  name: "quality",
  description: "A candidate of the tier that the request deserves, by rules on tag, language, size and complexity.",
  isRepeatable: true,
  section: defineSection("router.quality", {
    rules: setting(
      z.array(ruleSchema),
      [],
      `Rules of the strategy quality, e.g. [{"tags":["legal"],"tier":"premium"},{"languages":["German"],"maxInputTokens":2000,"tier":"economy"}]. The first whose conditions all hold decides: tags (one of them), languages (one of them), minInputTokens, maxInputTokens, complexity (${complexities.join(", ")}). Otherwise: low is economy, medium is standard, high is premium.`,
    ),
  }),
  start: ({ rules }) => ({
    order({ candidates, request }) {
      const { tier, why } = wantedTier(rules, request);
      const ranks = nextTiers[tier];
      const rank = (one: ModelTier): number => ranks.indexOf(one);
      const usd = (one: number | null): number => one ?? Number.MAX_VALUE;
      return [...candidates]
        .sort((one, other) => rank(one.tier) - rank(other.tier) || usd(one.estimatedUsd) - usd(other.estimatedUsd))
        .map((candidate) => ({ candidate, why: `${candidate.tier}; ${tier} wanted: ${why}` }));
    },
  }),
});

function wantedTier(rules: readonly Rule[], request: StrategyRequest): { readonly tier: ModelTier; readonly why: string } {
  const complexity = complexityOf(request);
  // Told only when a rule asks: it takes a look at every word.
  let language: string | undefined;
  const languageOf = (): string => (language ??= languageNameOf(request.question));
  const index = rules.findIndex(
    (rule) =>
      (rule.tags === undefined || rule.tags.some((tag) => request.tags.includes(tag))) &&
      (rule.minInputTokens === undefined || request.inputTokens >= rule.minInputTokens) &&
      (rule.maxInputTokens === undefined || request.inputTokens <= rule.maxInputTokens) &&
      (rule.complexity === undefined || rule.complexity === complexity) &&
      (rule.languages === undefined || rule.languages.some((name) => name === languageOf())),
  );
  const rule = rules[index];
  return rule === undefined
    ? { tier: tierOfComplexity[complexity], why: `complexity ${complexity}` }
    : { tier: rule.tier, why: `rule ${index + 1}` };
}

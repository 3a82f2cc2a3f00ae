// The bill of a request: what it cost, what it would have cost with the raw context, and both at the reference model.
import type { Cost, ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { sumCosts } from "@nocp/contracts/cost-totals.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { baselineUsage, costOf, costOfAnswer } from "@nocp/models/prices/cost-of-usage.ts";
import { type Pricing, priceTable } from "@nocp/models/prices/model-prices.ts";

export interface BillInput {
  /** All calls of the request: earlier rounds of tools, then this step. The last that succeeded answered it. */
  readonly attempts: readonly ProviderAttempt[];
  /** The completion of this step. */
  readonly usage: Usage;
  readonly model: string;
  readonly inputTokens: { readonly raw: number; readonly optimized: number };
  /** By a provider's name. */
  readonly pricingOf: (provider: string) => Pricing;
  readonly reference: RouteCandidate;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Calls that failed would have failed without NOCP too. Only the last step's raw context is known here: all other calls
 * enter the baseline at what they cost, so the saving is rather stated too small.
 *
 * Both sums run over the same calls in the same order: where nothing was removed they are equal to the last digit.
 */
export function billOf(input: BillInput): { readonly spentUsd: number | null; readonly cost: Omit<Cost, "usd"> } {
  const { attempts, usage, inputTokens, pricingOf, reference, at } = input;
  const last = attempts.findLast(({ outcome }) => outcome === "succeeded");
  // Without NOCP no model would have helped to compress: such calls are spent, and in no baseline.
  const completions = attempts.filter(({ purpose }) => purpose !== "compression");
  const isRaw = inputTokens.raw === inputTokens.optimized;
  const raw = isRaw ? usage : baselineUsage(usage, inputTokens);
  const pricing = pricingOf(last?.provider ?? "");
  const lastRawUsd = () => costOfAnswer(raw, pricing, input.model, last?.model ?? "", at);
  const referencePricing = pricingOf(reference.provider);
  const atReference = (lastUsage: Usage): number | null =>
    sumCosts(
      completions.map((attempt) => {
        const own = attempt === last ? lastUsage : attempt.usage;
        if (own === undefined) return attempt.costUsd === 0 ? 0 : null;
        return costOf(own, referencePricing, reference.model, at);
      }),
    );
  return {
    spentUsd: sumCosts(attempts.map(({ costUsd }) => costUsd)),
    cost: {
      baselineUsd: sumCosts(completions.map((attempt) => (attempt === last && !isRaw ? lastRawUsd() : attempt.costUsd))),
      reference: {
        model: `${reference.provider}/${reference.model}`,
        usd: atReference(usage),
        baselineUsd: atReference(raw),
      },
      priceTable,
    },
  };
}

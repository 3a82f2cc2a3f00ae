// The bill of a request: what it cost, what it would have cost with the raw context, and both at the reference model.
import type { Cost, ProviderAttempt, Usage } from "@nocp/contracts/accounting.ts";
import { sumCosts } from "@nocp/contracts/cost-totals.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { baselineUsage, costOf } from "@nocp/models/prices/cost-of-usage.ts";
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
 */
export function billOf(input: BillInput): { readonly spentUsd: number | null; readonly cost: Omit<Cost, "usd"> } {
  const { attempts, usage, inputTokens, pricingOf, reference, at } = input;
  const last = attempts.findLast(({ outcome }) => outcome === "succeeded");
  // Without NOCP no model would have helped to compress: such calls are spent, and in no baseline.
  const earlier = attempts.filter((attempt) => attempt !== last && attempt.purpose !== "compression");
  const raw = baselineUsage(usage, inputTokens);
  const pricing = pricingOf(last?.provider ?? "");
  const atReference = (one: Usage | undefined): number | null =>
    one === undefined ? null : costOf(one, pricingOf(reference.provider), reference.model, at);
  const earlierAtReference = earlier.map(({ usage: own, costUsd }) =>
    own === undefined && costUsd === 0 ? 0 : atReference(own),
  );
  return {
    spentUsd: sumCosts(attempts.map(({ costUsd }) => costUsd)),
    cost: {
      baselineUsd: sumCosts([
        ...earlier.map(({ costUsd }) => costUsd),
        costOf(raw, pricing, input.model, at) ?? costOf(raw, pricing, last?.model ?? "", at),
      ]),
      reference: {
        model: `${reference.provider}/${reference.model}`,
        usd: sumCosts([...earlierAtReference, atReference(usage)]),
        baselineUsd: sumCosts([...earlierAtReference, atReference(raw)]),
      },
      priceTable,
    },
  };
}

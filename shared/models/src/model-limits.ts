// How long a prompt and an answer of a model may be: by its vendor's table, or else by the table of prices, which knows windows too.
import { type CapabilityTable, capabilitiesOf } from "./capabilities.ts";
import { contextWindowOf, listedPricing, type Pricing } from "./prices/model-prices.ts";

/** Tokens; Infinity where nobody says. */
export interface ModelLimits {
  /** Of prompt and answer together. */
  readonly contextTokens: number;
  /** Of the answer, its reasoning included. */
  readonly outputTokens: number;
}

const orUnlimited = (tokens: number): number => (tokens === 0 ? Number.POSITIVE_INFINITY : tokens);

export function modelLimitsOf(table: CapabilityTable, pricing: Pricing, model: string): ModelLimits {
  const { contextTokens, outputTokens } = capabilitiesOf(table, model).limits;
  const listed = listedPricing(pricing);
  const inTable = listed.kind === "table" ? contextWindowOf(listed.vendor, model) : 0;
  return { contextTokens: orUnlimited(contextTokens || inTable), outputTokens: orUnlimited(outputTokens) };
}

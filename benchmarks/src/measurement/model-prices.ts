// What tokens cost at models that people know, by the price table that the router bills with.
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import { priceTable } from "@nocp/models/prices/model-prices.ts";
import { encodingOfModel } from "@nocp/models/tokens/encoding-of-model.ts";

export { priceTable };

export interface NamedModel {
  readonly vendor: string;
  readonly model: string;
}

export const namedModels: readonly NamedModel[] = [
  { vendor: "openai", model: "gpt-4o" },
  { vendor: "openai", model: "gpt-4o-mini" },
  { vendor: "openai", model: "gpt-5.4" },
  { vendor: "anthropic", model: "claude-sonnet-4-5" },
  { vendor: "anthropic", model: "claude-haiku-4-5" },
  { vendor: "google", model: "gemini-2.5-pro" },
  { vendor: "google", model: "gemini-2.5-flash" },
];

/** Tokens of one request, as o200k_base counts them. */
export interface BilledTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * US dollars of one request; `null` when the table does not know the model. Tokens are first brought to the model's own
 * by the factor that the token counter starts with.
 * @param cached all of the input is read from the provider's cache, or none of it.
 */
export function priceOf(
  { inputTokens, outputTokens }: BilledTokens,
  named: NamedModel,
  cached: boolean,
  at: number,
): number | null {
  const { startingFactor } = encodingOfModel(named.model);
  const input = Math.ceil(inputTokens * startingFactor);
  const usage = {
    inputTokens: input,
    outputTokens: Math.ceil(outputTokens * startingFactor),
    cacheReadTokens: cached ? input : 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    source: "counted" as const,
  };
  return costOf(usage, { kind: "table", vendor: named.vendor }, named.model, at);
}

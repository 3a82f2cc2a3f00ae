// Where embeddings come from: the providers whose settings name a server that speaks OpenAI's HTTP.
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import { withOwnPrices } from "@nocp/models/prices/own-prices.ts";
import type { ModelSettings } from "@nocp/models/routing-settings.ts";
import type { Vendor } from "@nocp/models/vendor.ts";
import { z } from "zod";

export interface EmbeddingProvider {
  readonly name: string;
  /** With the version. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly pricing: Pricing;
}

/** By name, of those that can be called. */
export type EmbeddingProviders = ReadonlyMap<string, EmbeddingProvider>;

const speakers = ["openai", "openai-compatible"];
const valuesSchema = z.object({ apiKey: z.string(), baseUrl: z.string() });

/** OpenAI needs a key, a compatible server an address. @param models `router.models`, for their prices. */
export function embeddingProvidersOf(
  vendors: readonly Vendor[],
  read: (section: Section) => unknown,
  models: Readonly<Record<string, ModelSettings>>,
): EmbeddingProviders {
  const found = vendors
    .filter(({ name }) => speakers.includes(name))
    .map(({ name, section, pricing }) => ({
      ...{ name, pricing: withOwnPrices({ name, pricing }, models) },
      ...valuesSchema.parse(read(section)),
    }))
    .filter(({ name, apiKey, baseUrl }) => (name === "openai" ? apiKey !== "" : baseUrl !== ""));
  return new Map(found.map((provider) => [provider.name, provider]));
}

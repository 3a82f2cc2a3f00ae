// The prices of one model, looked up once and kept: the table's own look-up tries hundreds of patterns a call.
import { calcPrice } from "@pydantic/genai-prices";

/** Name and version; a test compares it with the package that is installed. */
export const priceTable = "@pydantic/genai-prices 0.1.8";

/** Prices of the settings, in US dollars. */
export interface SetPrices {
  readonly inputUsdPerMillion: number;
  /** These two: the input's where there is none. */
  readonly cachedInputUsdPerMillion?: number;
  readonly cacheWriteUsdPerMillion?: number;
  readonly outputUsdPerMillion: number;
}

/** Where the price of a model stands: in the price table (under this vendor, or by the model's name), in the settings, nowhere, or nothing is paid. */
export type ModelPricing =
  | { readonly kind: "table"; readonly vendor?: string }
  | ({ readonly kind: "set" } & SetPrices)
  | { readonly kind: "unknown" }
  | { readonly kind: "free" };

/** Of a provider: the same for all its models, or settings give some of them a price of their own. */
export type Pricing =
  | ModelPricing
  | {
      readonly kind: "by-model";
      readonly models: Readonly<Record<string, ModelPricing>>;
      /** Of all others, where the settings name the provider alone. */
      readonly others?: ModelPricing;
      /** Without the settings. */
      readonly listed: ModelPricing;
    };

/** @param model as it was asked for: the version that answers may have a longer name. */
export function pricingOfModel(pricing: Pricing, model: string): ModelPricing {
  if (pricing.kind !== "by-model") return pricing;
  return (Object.hasOwn(pricing.models, model) ? pricing.models[model] : undefined) ?? pricing.others ?? pricing.listed;
}

/** As it would be without prices of its own: the table knows more of a model than its price. */
export const listedPricing = (pricing: Pricing): ModelPricing => (pricing.kind === "by-model" ? pricing.listed : pricing);

/** US dollars for each token, at a given number of input tokens: some vendors charge more for long prompts. */
export interface TokenPrices {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteOneHour: number;
  readonly output: number;
}

export type PricesAt = (inputTokens: number) => TokenPrices;

type TablePrice =
  | number
  | { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] };

/** A few vendors charge by the time of day, on the half hour. */
const slotMs = 30 * 60 * 1000;
/** Names of models come with requests: the memory of them is bounded. */
const maxRemembered = 512;
export const perMillion = 1e6;

const remembered = new Map<string, PricesAt | null>();

/**
 * @param vendor as the table names it; undefined when the model's own name tells.
 * @param at milliseconds since the epoch: prices change, and some depend on the hour.
 * @returns `null` for a model that the table does not have.
 */
export function modelPrices(vendor: string | undefined, model: string, at: number): PricesAt | null {
  const slot = Math.floor(at / slotMs);
  const key = `${vendor ?? ""} ${model} ${slot}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= maxRemembered) remembered.clear();
  const prices = lookUp(vendor, model, slot * slotMs);
  remembered.set(key, prices);
  return prices;
}

const tableEntry = (vendor: string | undefined, model: string, at: number) =>
  calcPrice({ input_tokens: 0, output_tokens: 0 }, model.replace(/^models\//, ""), {
    ...(vendor === undefined ? {} : { providerId: vendor }),
    timestamp: new Date(at),
  });

/** Tokens of prompt and answer together; 0 where the table has none. */
export const contextWindowOf = (vendor: string | undefined, model: string): number =>
  tableEntry(vendor, model, Date.now())?.model.context_window ?? 0;

function lookUp(vendor: string | undefined, model: string, at: number): PricesAt | null {
  const found = tableEntry(vendor, model, at);
  if (!found) return null;
  const table = found.model_price as Readonly<Record<string, TablePrice | undefined>>;
  const input = table.input_mtok ?? 0;
  const cacheRead = table.cache_read_mtok ?? input;
  const cacheWrite = table.cache_write_mtok ?? input;
  const cacheWriteOneHour = table.cache_write_1h_mtok ?? cacheWrite;
  const output = table.output_mtok ?? 0;
  return (inputTokens) => ({
    input: priceAt(input, inputTokens),
    cacheRead: priceAt(cacheRead, inputTokens),
    cacheWrite: priceAt(cacheWrite, inputTokens),
    cacheWriteOneHour: priceAt(cacheWriteOneHour, inputTokens),
    output: priceAt(output, inputTokens),
  });
}

/** A tier holds for all tokens of a prompt that is longer than its start. */
function priceAt(price: TablePrice, inputTokens: number): number {
  if (typeof price === "number") return price / perMillion;
  const tier = price.tiers.findLast(({ start }) => inputTokens > start);
  return (tier?.price ?? price.base) / perMillion;
}

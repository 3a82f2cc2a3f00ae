// The settings that say who may answer and in which order; part of the section of llm-router.
// Other services read them too: a name means the same models, at the same price, everywhere.
import { modelTiers } from "@nocp/contracts/route.ts";
import { setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

const names = z.array(z.string().min(1));
const groupSchema = z.strictObject({
  candidates: names.min(1),
  strategy: z.string().optional(),
  weights: z.record(z.string(), z.number().positive()).default({}),
});
const usdPerMillion = z.number().nonnegative().optional();
const modelSchema = z
  .strictObject({
    tier: z.enum(modelTiers).optional(),
    region: z.string().optional(),
    contextTokens: z.int().positive().optional(),
    outputTokens: z.int().positive().optional(),
    refuses: z.array(z.enum(["images", "audio", "files", "tools", "outputSchema"])).optional(),
    inputUsdPerMillion: usdPerMillion,
    cachedInputUsdPerMillion: usdPerMillion,
    cacheWriteUsdPerMillion: usdPerMillion,
    outputUsdPerMillion: usdPerMillion,
  })
  .refine(hasWholePrice, "a price needs inputUsdPerMillion and outputUsdPerMillion");

/** No price at all is one, too. */
function hasWholePrice(model: Readonly<Record<string, unknown>>): boolean {
  const named = Object.keys(model).filter((field) => field.endsWith("UsdPerMillion"));
  return named.length === 0 || ["inputUsdPerMillion", "outputUsdPerMillion"].every((field) => named.includes(field));
}

export type ModelSettings = z.infer<typeof modelSchema>;
const tenantSchema = z.strictObject({
  strategy: z.string().optional(),
  model: z.string().optional(),
  fallbacks: names.optional(),
});

export const routingSettings = {
  model: setting(
    z.string(),
    "",
    "Model, group, alias or provider/model of requests that name none; empty for the default model of router.provider. With a strategy other than ordered, empty stands for the candidates of router.tiers, or else the default models of all configured providers.",
  ),
  strategy: setting(z.string(), "ordered", "Routing strategy of groups and requests that name none. docs/routing.md lists them."),
  groups: setting(
    z.record(z.string(), groupSchema),
    {},
    'Groups of candidates that may take each other\'s place, by the name that requests use as their model, e.g. {"chat":{"candidates":["openai/gpt-5.4-mini","gemini"],"strategy":"weighted","weights":{"gemini":2}}}.',
  ),
  aliases: setting(
    z.record(z.string(), z.string()),
    {},
    'Further names of models and groups, e.g. {"gpt-4":"openai/gpt-5.4-mini"}.',
  ),
  tiers: setting(
    z.partialRecord(z.enum(modelTiers), names),
    {},
    'Candidates of each tier (economy, standard, premium, local), e.g. {"premium":["anthropic/claude-opus-4-6"]}. A model in no list has the tier of its price.',
  ),
  models: setting(
    z.record(z.string(), modelSchema),
    {},
    'What the built-in tables do not know of a model or have otherwise, by provider/model, or by provider for all its models: tier, region, contextTokens, outputTokens, refuses (images, audio, files, tools, outputSchema), and its price: inputUsdPerMillion and outputUsdPerMillion, with cachedInputUsdPerMillion and cacheWriteUsdPerMillion where they differ from the input\'s. E.g. {"openai@eu":{"region":"eu"},"fast/my-model":{"contextTokens":32768,"inputUsdPerMillion":0.2,"outputUsdPerMillion":0.8}}.',
  ),
  tenants: setting(
    z.record(z.string(), tenantSchema),
    {},
    'Routing of single tenants, in place of router.strategy, router.model and router.fallbacks, e.g. {"acme":{"strategy":"lowest-cost","model":"chat"}}.',
  ),
};

// The settings of llm-router. Others read them too: assess and the gateway have to know what a model's name stands for.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { referenceModel } from "./prices/reference-model.ts";
import { routingSettings } from "./routing-settings.ts";

const quotaSchema = z.strictObject({
  requestsPerMinute: z.number().positive().optional(),
  tokensPerMinute: z.number().positive().optional(),
  concurrentCalls: z.int().positive().optional(),
});

export const routerSection = defineSection("router", {
  provider: setting(z.string(), "", "Provider of requests that name none; empty for the first configured of router.preference."),
  preference: setting(
    z.array(z.string()),
    ["openai", "anthropic", "gemini", "openai-compatible"],
    "Order in which configured providers are tried when neither request nor settings name one; others follow by name.",
  ),
  fallbacks: setting(
    z.array(z.string()),
    [],
    "Candidates after the first, as provider, provider/model, group or alias; a request's own replace them. `extractive` must be named here to answer for a model that failed.",
  ),
  ...routingSettings,
  degradedAnswers: setting(
    z.boolean(),
    false,
    "Whether a request that no model answers gets an extract of its context, marked degraded, in place of an error; requests override it with routing.fallback.degraded.",
  ),
  maxToolRounds: setting(z.int().min(0).max(64), 4, "How often a model may ask for tools within one request."),
  maxOutputTokens: setting(
    z.int().min(1),
    8192,
    "Maximum number of output tokens, including reasoning, if the request sets no limit.",
  ),
  quotas: setting(
    z.record(z.string(), quotaSchema),
    {},
    'Quotas of providers or models, e.g. {"openai/gpt-5.4-mini":{"requestsPerMinute":500,"tokensPerMinute":200000,"concurrentCalls":20}}. Where none is set, they are learned from the vendor\'s headers and refusals.',
  ),
  maxQuotaWaitMs: setting(
    z.int().min(0),
    5_000,
    "Longest wait of an interactive request for a quota, in milliseconds, while another candidate of its route is left.",
  ),
  maxBatchQuotaWaitMs: setting(z.int().min(0), 60_000, "The same for the batch lane."),
  workers: setting(
    z.int().min(0).max(64),
    1,
    "Maximum number of threads for large prompts and slow schemas, so that they do not delay other requests; 0: everything runs in one thread.",
  ),
  referenceModel: setting(
    z.string(),
    `${referenceModel.vendor}/${referenceModel.model}`,
    "Model whose price every bill also shows, so that free and paid models compare.",
  ),
});

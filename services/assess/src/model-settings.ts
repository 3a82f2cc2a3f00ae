// The settings of the models that help to compress, and the services they make.
import { defineSection, type SectionValues, setting } from "@nocp/shared/config/setting.ts";
import { costOf } from "@nocp/shared/pricing/cost-of-usage.ts";
import { z } from "zod";
import type { ModelServices, PriceOfCall } from "./model-services.ts";
import { createEmbedder, createStudent, type ModelEndpoint } from "./openai-http.ts";

const endpointSettings = (purpose: string, example: string) => ({
  model: setting(z.string(), "", `Model that ${purpose}, e.g. ${example}; empty for none, which switches it off.`),
  baseUrl: setting(z.url(), "https://api.openai.com/v1", "Where the API is: OpenAI's, or a server that speaks like it."),
  apiKey: setting(z.string(), "", "API key; empty for a server that needs none.", { secret: true }),
  timeoutMs: setting(z.int().min(100), 30_000, "Longest wait for one answer, in milliseconds."),
});

export const studentSection = defineSection("assess.student", endpointSettings("distils context", "gpt-5.4-nano"));
export const embedderSection = defineSection("assess.embedder", endpointSettings("embeds texts", "text-embedding-3-small"));

type EndpointValues = SectionValues<typeof studentSection>;

/** @returns the services whose model is set. */
export function modelServicesOf(
  student: EndpointValues,
  embedder: EndpointValues,
  fetchFrom: typeof fetch = fetch,
): ModelServices {
  return {
    ...(student.model === "" ? {} : { student: createStudent(student, fetchFrom) }),
    ...(embedder.model === "" ? {} : { embedder: createEmbedder(embedder, fetchFrom) }),
  };
}

/** Prices of OpenAI's embeddings in US dollars a token, which the price table lacks (https://openai.com/api/pricing, 2025). */
const embeddingPrices: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 0.02e-6,
  "text-embedding-3-large": 0.13e-6,
  "text-embedding-ada-002": 0.1e-6,
};

/** What calls cost at OpenAI; unknown at any other server. @param now milliseconds since the epoch. */
export const priceOfCalls =
  (
    endpoints: { readonly student: Pick<ModelEndpoint, "baseUrl">; readonly embedder: Pick<ModelEndpoint, "baseUrl"> },
    now: () => number,
  ): PriceOfCall =>
  ({ service, model, inputTokens, outputTokens }) => {
    if (new URL(endpoints[service].baseUrl).host !== "api.openai.com") return null;
    if (service === "embedder")
      return Object.hasOwn(embeddingPrices, model) ? inputTokens * (embeddingPrices[model] as number) : null;
    const usage = {
      inputTokens,
      outputTokens,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: "provider" as const,
    };
    return costOf(usage, { kind: "table", vendor: "openai" }, model, now());
  };

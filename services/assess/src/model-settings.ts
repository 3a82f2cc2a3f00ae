// The settings of the models that help to compress, and the services they make.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import { createEmbedder } from "@nocp/models/vendors/openai/embeddings.ts";
import type { HttpEndpoint } from "@nocp/models/vendors/openai/http-endpoint.ts";
import { createPlainChat } from "@nocp/models/vendors/openai/plain-chat.ts";
import { z } from "zod";
import type { ModelServices, PriceOfCall } from "./model-services.ts";
import { rememberEmbeddings } from "./remember-embeddings.ts";

const defaultBaseUrl = "https://api.openai.com/v1";

const endpointSettings = (purpose: string, example: string) => ({
  model: setting(z.string(), "", `Model that ${purpose}, e.g. ${example}; empty for none, which switches it off.`),
  baseUrl: setting(z.url(), defaultBaseUrl, "Base URL of the API: OpenAI's, or a compatible server's."),
  apiKey: setting(z.string(), "", "API key; empty for a server that needs none.", { secret: true }),
  timeoutMs: setting(z.int().min(100), 30_000, "Longest wait for one answer, in milliseconds."),
});

export const distillerSection = defineSection("assess.distiller", endpointSettings("distils context", "gpt-5.4-nano"), {
  formerName: "assess.student",
});
export const embedderSection = defineSection("assess.embedder", {
  ...endpointSettings("embeds texts", "text-embedding-3-small"),
  batchSize: setting(
    z.int().min(1).max(2048),
    128,
    "Texts in one call; a server that refuses so many (HTTP 413 or 422) is sent half of them.",
  ),
  queryPrefix: setting(z.string(), "", 'Written before the question, for models that want it, e.g. "query: ".'),
  passagePrefix: setting(z.string(), "", 'Written before each sentence or message, e.g. "passage: ".'),
  cacheMiB: setting(z.int().min(0), 64, "Memory for vectors of texts that were embedded before, in MiB; 0: none is kept."),
});

type EndpointValues = SectionValues<typeof distillerSection>;
type EmbedderValues = SectionValues<typeof embedderSection>;

/** Only these speak OpenAI's HTTP. */
const providers = ["openai", "openai-compatible"] as const;

/** Parts of `openai` or `openai-compatible/llama3`. @throws NocpError USAGE for another provider. */
export function parseProvider(text: string): {
  readonly provider: (typeof providers)[number];
  readonly model: string | undefined;
} {
  const [name = "", ...rest] = text.split("/");
  const provider = providers.find((one) => one === name);
  if (provider === undefined) {
    throw new NocpError("USAGE", `--provider must be ${providers.join(" or ")}, with /<model> if need be, got "${text}"`);
  }
  return { provider, model: rest.length === 0 ? undefined : rest.join("/") };
}

/** What a provider's own section says, for what the sections here leave open. */
export const providerValuesSchema = z.object({ baseUrl: z.string(), apiKey: z.string(), model: z.string() });
export type ProviderValues = Readonly<z.infer<typeof providerValuesSchema>>;

/**
 * The distillation model and the embedder of a provider: the sections here come first, then the provider's own.
 * @param model of the distillation model, from the command line.
 * @throws NocpError USAGE when there is no server, no key or no model.
 */
export function endpointsOf(
  provider: (typeof providers)[number],
  model: string | undefined,
  own: ProviderValues,
  { distiller, embedder }: { readonly distiller: EndpointValues; readonly embedder: EmbedderValues },
): { readonly distiller: EndpointValues; readonly embedder: EmbedderValues } {
  const isOpenAi = provider === "openai";
  const baseUrl = own.baseUrl === "" ? distiller.baseUrl : own.baseUrl;
  if (isOpenAi && own.apiKey === "" && distiller.apiKey === "")
    throw new NocpError("USAGE", "--provider openai needs OPENAI_API_KEY");
  if (!isOpenAi && own.baseUrl === "" && distiller.baseUrl === defaultBaseUrl) {
    throw new NocpError(
      "USAGE",
      "--provider openai-compatible needs NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL, or assess.distiller.baseUrl",
    );
  }
  const distillerModel = model ?? (distiller.model || own.model);
  if (distillerModel === "") throw new NocpError("USAGE", `--provider ${provider} needs a model: --provider ${provider}/<model>`);
  const complete = <Values extends EndpointValues>(values: Values, modelName: string): Values => ({
    ...values,
    model: modelName,
    baseUrl: values.baseUrl === defaultBaseUrl ? baseUrl : values.baseUrl,
    apiKey: values.apiKey === "" ? own.apiKey : values.apiKey,
  });
  return {
    distiller: complete(distiller, distillerModel),
    embedder: complete(embedder, embedder.model === "" && isOpenAi ? "text-embedding-3-small" : embedder.model),
  };
}

/** @returns the services whose model is set. */
export function modelServicesOf(
  distiller: EndpointValues,
  embedder: EmbedderValues,
  fetchFrom: typeof fetch = fetch,
): ModelServices {
  return {
    ...(distiller.model === "" ? {} : { distiller: createPlainChat(distiller, fetchFrom) }),
    ...(embedder.model === ""
      ? {}
      : {
          embedder: rememberEmbeddings(createEmbedder(embedder, fetchFrom), {
            ...embedder,
            cacheBytes: embedder.cacheMiB * 2 ** 20,
          }),
        }),
  };
}

/** What calls cost at OpenAI; unknown at any other server. @param now milliseconds since the epoch. */
export const priceOfCalls =
  (
    endpoints: { readonly distiller: Pick<HttpEndpoint, "baseUrl">; readonly embedder: Pick<HttpEndpoint, "baseUrl"> },
    now: () => number,
  ): PriceOfCall =>
  ({ service, model, inputTokens, outputTokens }) => {
    if (new URL(endpoints[service].baseUrl).host !== "api.openai.com") return null;
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

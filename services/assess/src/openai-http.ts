// An embedder and a student behind any server that speaks OpenAI's HTTP: /embeddings and /chat/completions.
import { z } from "zod";
import type { Embedder, Student } from "./model-services.ts";
import { invalidAnswer, postJson } from "./post-json.ts";

export interface ModelEndpoint {
  /** With the version, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Empty for a server that needs none. */
  readonly apiKey: string;
  readonly timeoutMs: number;
}

/** Texts in one call, as OpenAI allows at most 2,048. */
const textsPerCall = 512;

const usageSchema = z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative().optional() });
const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
  usage: usageSchema,
});
const completionSchema = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullable() }), finish_reason: z.string().nullish() }))
    .min(1),
  usage: usageSchema,
});

/** @returns an embedder; its calls throw NocpError of the `PROVIDER_*` codes. */
export function createEmbedder(endpoint: ModelEndpoint, fetchFrom: typeof fetch = fetch): Embedder {
  return {
    model: endpoint.model,
    async embed(texts, signal) {
      const vectors: number[][] = [];
      let inputTokens = 0;
      for (let from = 0; from < texts.length; from += textsPerCall) {
        const input = texts.slice(from, from + textsPerCall);
        const { data, usage } = await post("/embeddings", { input }, embeddingsSchema, endpoint, fetchFrom, signal);
        const own = input.map((_, at) => data.find(({ index }) => index === at)?.embedding);
        const length = vectors[0]?.length ?? own[0]?.length;
        for (const vector of own) {
          if (vector?.length !== length)
            throw invalidAnswer(addressOf(endpoint, ""), `no vector of ${length} numbers for each of ${input.length} texts`);
          vectors.push(vector as number[]);
        }
        inputTokens += usage.prompt_tokens;
      }
      return { vectors, inputTokens };
    },
  };
}

/** @returns a student; its calls throw NocpError of the `PROVIDER_*` codes, also when the answer was cut. */
export function createStudent(endpoint: ModelEndpoint, fetchFrom: typeof fetch = fetch): Student {
  return {
    model: endpoint.model,
    async complete({ system, user }, maxTokens, signal) {
      const messages = [
        { role: "system", content: system },
        { role: "user", content: user },
      ];
      const body = { messages, max_completion_tokens: maxTokens, temperature: 0 };
      const { choices, usage } = await post("/chat/completions", body, completionSchema, endpoint, fetchFrom, signal);
      const [choice] = choices;
      const text = choice?.message.content ?? "";
      if (choice?.finish_reason === "length")
        throw invalidAnswer(addressOf(endpoint, ""), `the answer is cut at ${maxTokens} tokens`);
      return { text, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 };
    },
  };
}

const addressOf = ({ baseUrl, model, timeoutMs }: ModelEndpoint, path: string) => ({
  url: `${baseUrl.replace(/\/+$/, "")}${path}`,
  model,
  timeoutMs,
});

const post = <T>(
  path: string,
  body: object,
  schema: z.ZodType<T>,
  endpoint: ModelEndpoint,
  fetchFrom: typeof fetch,
  signal: AbortSignal | undefined,
): Promise<T> =>
  postJson(addressOf(endpoint, path), { model: endpoint.model, ...body }, schema, {
    headers: endpoint.apiKey === "" ? {} : { authorization: `Bearer ${endpoint.apiKey}` },
    fetch: fetchFrom,
    signal,
  });

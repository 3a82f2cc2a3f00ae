// An embedder and a student behind any server that speaks OpenAI's HTTP: /embeddings and /chat/completions.
import { coerceError, NocpError } from "@nocp/shared/errors/nocp-error.ts";
import { z } from "zod";
import type { Embedder, Student } from "./model-services.ts";

export interface ModelEndpoint {
  /** With the version, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Empty for a server that needs none. */
  readonly apiKey: string;
  readonly timeoutMs: number;
}

/** A failed call is made once more: after that the raw text is kept, which is always possible. */
const attempts = 2;
const retryWaitMs = 250;
/** An answer that is longer is not read to its end. */
const maxAnswerBytes = 64 * 1024 * 1024;
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
            throw invalid(endpoint, `no vector of ${length} numbers for each of ${input.length} texts`);
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
      if (choice?.finish_reason === "length") throw invalid(endpoint, `the answer is cut at ${maxTokens} tokens`);
      return { text, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 };
    },
  };
}

async function post<T>(
  path: string,
  body: object,
  schema: z.ZodType<T>,
  endpoint: ModelEndpoint,
  fetchFrom: typeof fetch,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await postOnce(path, body, schema, endpoint, fetchFrom, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const mayRepeat = error instanceof NocpError && error.disposition === "retry";
      if (!mayRepeat || attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryWaitMs));
    }
  }
}

async function postOnce<T>(
  path: string,
  body: object,
  schema: z.ZodType<T>,
  endpoint: ModelEndpoint,
  fetchFrom: typeof fetch,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { baseUrl, model, apiKey, timeoutMs } = endpoint;
  const timeout = AbortSignal.timeout(timeoutMs);
  let text: string;
  let status: number;
  try {
    const response = await fetchFrom(`${baseUrl.replace(/\/+$/, "")}${path}`, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify({ model, ...body }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    status = response.status;
    text = await boundedText(response, endpoint);
  } catch (error) {
    if (error instanceof NocpError) throw error;
    if (timeout.aborted)
      throw new NocpError("PROVIDER_TIMEOUT", `${hostOf(endpoint)} (${model}) did not answer within ${timeoutMs} ms`);
    throw new NocpError("PROVIDER_UNREACHABLE", `${hostOf(endpoint)} cannot be reached: ${causeOf(error)}`, { cause: error });
  }
  if (status !== 200) throw refusal(status, endpoint);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid(endpoint, `its answer to ${path} is not of OpenAI's form`);
  return parsed.data;
}

async function boundedText(response: Response, endpoint: ModelEndpoint): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw invalid(endpoint, `its answer is longer than ${maxAnswerBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusal(status: number, endpoint: ModelEndpoint): NocpError {
  const where = `${hostOf(endpoint)} (${endpoint.model})`;
  if (status === 401 || status === 403) return new NocpError("PROVIDER_AUTH", `${where} refuses the API key: HTTP ${status}`);
  if (status === 429) return new NocpError("PROVIDER_RATE_LIMITED", `${where} asks to wait: HTTP 429`);
  if (status >= 500) return new NocpError("PROVIDER_UNAVAILABLE", `${where} failed on its side: HTTP ${status}`);
  return new NocpError("PROVIDER_BAD_REQUEST", `${where} refuses the request: HTTP ${status}`);
}

const invalid = (endpoint: ModelEndpoint, problem: string): NocpError =>
  new NocpError("PROVIDER_INVALID_RESPONSE", `${hostOf(endpoint)} (${endpoint.model}): ${problem}`);

/** Without path, query and credentials. */
const hostOf = ({ baseUrl }: ModelEndpoint): string => (URL.canParse(baseUrl) ? new URL(baseUrl).host : "the server");

const causeOf = (error: unknown): string => {
  const { message, cause } = coerceError(error);
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

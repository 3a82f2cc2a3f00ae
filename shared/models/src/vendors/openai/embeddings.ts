// Vectors of texts, from any server that has OpenAI's `/embeddings`.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { z } from "zod";
import { parseResponse } from "../../answers/read-answer.ts";
import type { OnFailedCall } from "../../failed-model-call.ts";
import { type FailedPost, invalidAnswer } from "../../http/post-json.ts";
import { addressOf, type HttpEndpoint, postTo } from "./http-endpoint.ts";

/** Texts in one call, as OpenAI allows at most 2,048. */
const textsPerCall = 512;
const path = "/embeddings";

const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative() }),
});
const readEmbeddings = (answer: unknown) => parseResponse(embeddingsSchema, answer);

const reportedSchema = z.object({ usage: z.object({ prompt_tokens: z.int().nonnegative() }) });
const usageIn = (answer: unknown) => {
  const reported = reportedSchema.safeParse(answer).data;
  return reported === undefined ? null : { inputTokens: reported.usage.prompt_tokens, outputTokens: 0 };
};

/** @returns an embedder; its calls throw NocpError of the `PROVIDER_*` codes. */
export const createEmbedder = (endpoint: HttpEndpoint, fetchFrom: typeof fetch = fetch) => ({
  model: endpoint.model,
  /** @param onFailedCall hears of each call that came to nothing, and of those before it, whose vectors are then of no use. */
  async embed(
    texts: readonly string[],
    signal?: AbortSignal,
    onFailedCall?: OnFailedCall,
  ): Promise<{ vectors: number[][]; inputTokens: number }> {
    const vectors: number[][] = [];
    let inputTokens = 0;
    const onFailedPost = ({ answer, ...call }: FailedPost) => onFailedCall?.({ ...call, usage: usageIn(answer) });
    try {
      for (let from = 0; from < texts.length; from += textsPerCall) {
        const input = texts.slice(from, from + textsPerCall);
        const read = (answer: unknown) => {
          const { data, usage } = readEmbeddings(answer);
          return { found: vectorsOf(input.length, data, vectors[0]?.length, endpoint), usage };
        };
        const { found, usage } = await postTo(endpoint, path, { input }, read, fetchFrom, signal, onFailedPost);
        vectors.push(...found);
        inputTokens += usage.prompt_tokens;
      }
    } catch (error) {
      const errorCode = error instanceof NocpError ? error.code : undefined;
      if (inputTokens > 0) onFailedCall?.({ errorCode, isUnbilled: false, usage: { inputTokens, outputTokens: 0 } });
      throw error;
    }
    return { vectors, inputTokens };
  },
});

/** In the order of the texts, all of one length. @throws NocpError PROVIDER_INVALID_RESPONSE */
function vectorsOf(
  count: number,
  data: z.infer<typeof embeddingsSchema>["data"],
  knownLength: number | undefined,
  endpoint: HttpEndpoint,
): number[][] {
  const found = Array.from({ length: count }, (_, at) => data.find(({ index }) => index === at)?.embedding);
  const length = knownLength ?? found[0]?.length;
  return found.map((vector) => {
    if (vector !== undefined && vector.length === length) return vector;
    throw invalidAnswer(addressOf(endpoint, path), `no vector of ${length} numbers for each of ${count} texts`);
  });
}

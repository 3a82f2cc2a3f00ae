// Vectors of texts, from any server that has OpenAI's `/embeddings`.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { z } from "zod";
import { parseResponse } from "../../answers/read-answer.ts";
import type { OnFailedCall } from "../../failed-model-call.ts";
import { type FailedPost, invalidAnswer } from "../../http/post-json.ts";
import { addressOf, type HttpEndpoint, postTo } from "./http-endpoint.ts";

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

export interface EmbeddingEndpoint extends HttpEndpoint {
  /** Texts in one call at most. */
  readonly batchSize: number;
}

/** Answers to a call with more texts, or more of them, than the server takes. */
const tooMany: ReadonlySet<number | undefined> = new Set([413, 422]);

interface Batch {
  readonly vectors: readonly number[][];
  readonly inputTokens: number;
}

/** @returns an embedder; its calls throw NocpError of the `PROVIDER_*` codes. */
export function createEmbedder(endpoint: EmbeddingEndpoint, fetchFrom: typeof fetch = fetch) {
  /** What the server takes, as far as it is known. */
  let { batchSize } = endpoint;

  /** @returns undefined where the server refuses so many texts, and fewer are left to try. */
  const post = async (
    input: readonly string[],
    length: number | undefined,
    signal: AbortSignal | undefined,
    onFailedCall: OnFailedCall | undefined,
  ): Promise<Batch | undefined> => {
    let refusedWith: number | undefined;
    const onFailedPost = ({ answer, status, ...call }: FailedPost) => {
      refusedWith = status;
      onFailedCall?.({ ...call, usage: usageIn(answer) });
    };
    const read = (answer: unknown): Batch => {
      const { data, usage } = readEmbeddings(answer);
      return { vectors: vectorsOf(input.length, data, length, endpoint), inputTokens: usage.prompt_tokens };
    };
    try {
      return await postTo(endpoint, path, { input }, read, fetchFrom, signal, onFailedPost);
    } catch (error) {
      if (input.length > 1 && tooMany.has(refusedWith)) return undefined;
      throw error;
    }
  };

  return {
    model: endpoint.model,
    /**
     * A batch that the server refuses as too large is halved, until it takes one.
     * @param onFailedCall hears of each call that came to nothing, and of those before it, whose vectors are then of no use.
     */
    async embed(
      texts: readonly string[],
      signal?: AbortSignal,
      onFailedCall?: OnFailedCall,
    ): Promise<{ vectors: number[][]; inputTokens: number }> {
      const vectors: number[][] = [];
      let inputTokens = 0;
      let size = batchSize;
      try {
        while (vectors.length < texts.length) {
          const input = texts.slice(vectors.length, vectors.length + size);
          const batch = await post(input, vectors[0]?.length, signal, onFailedCall);
          if (batch === undefined) {
            size = Math.ceil(input.length / 2);
            continue;
          }
          vectors.push(...batch.vectors);
          inputTokens += batch.inputTokens;
          batchSize = Math.min(batchSize, size);
        }
      } catch (error) {
        const errorCode = error instanceof NocpError ? error.code : undefined;
        if (inputTokens > 0) onFailedCall?.({ errorCode, isUnbilled: false, usage: { inputTokens, outputTokens: 0 } });
        throw error;
      }
      return { vectors, inputTokens };
    },
  };
}

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

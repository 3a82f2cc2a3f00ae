// Models that help to compress: the contracts of an embedder and a distillation model, and the meter that keeps their bill.
import { createHash } from "node:crypto";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { z } from "zod";

export interface Embeddings {
  /** One for each text, all of the same length. */
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
}

/** Turns texts into vectors that point the same way where the texts mean the same. */
export interface Embedder {
  readonly model: string;
  /** @throws NocpError when the provider cannot be reached or answers something else. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embeddings>;
}

export interface ChatPrompt {
  readonly system: string;
  readonly user: string;
}

export const distillerAnswerSchema = z.object({
  text: z.string(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
});
export type DistillerAnswer = Readonly<z.infer<typeof distillerAnswerSchema>>;

/** Answers that a request has paid for, by what was asked: a redelivery reads them instead of paying again (M7). */
export type PaidAnswers = RecordStore<DistillerAnswer>;

/** @param answers of all requests; the keys of one request start with its id. */
export const answersOfRequest = (answers: PaidAnswers, request: RequestRef): PaidAnswers => ({
  get: (key) => answers.get(`${requestKey(request)}.${key}`),
  put: (key, answer) => answers.put(`${requestKey(request)}.${key}`, answer),
});

/** A model that is cheaper than the one that will answer. */
export interface Distiller {
  readonly model: string;
  /** @throws NocpError when the provider cannot be reached or answers something else. */
  complete(prompt: ChatPrompt, maxTokens: number, signal?: AbortSignal): Promise<DistillerAnswer>;
}

export interface ModelServices {
  readonly embedder?: Embedder | undefined;
  readonly distiller?: Distiller | undefined;
}

/** One call that was paid for, whether its answer was used or not. */
export interface ModelCall {
  readonly service: "embedder" | "distiller";
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** `null` when the model's price is unknown. */
  readonly costUsd: number | null;
  readonly elapsedMs: number;
}

export type PriceOfCall = (call: Pick<ModelCall, "service" | "model" | "inputTokens" | "outputTokens">) => number | null;

export interface MeteredServices {
  readonly services: ModelServices;
  /** All calls so far. */
  readonly calls: readonly ModelCall[];
  /** The call that so many tokens would make, with its price. */
  expectedCall(service: keyof ModelServices, inputTokens: number, outputTokens: number): ModelCall;
}

/**
 * Services that write down what their calls cost; an answer that the request has paid for is on its bill as well.
 * @param onCall hears of each call at once, so that it is on the bill also when the work it was for fails.
 */
export function meterServices(
  services: ModelServices,
  priceOf: PriceOfCall,
  now: () => number,
  paid?: PaidAnswers,
  onCall?: (call: ModelCall) => void,
): MeteredServices {
  const { embedder, distiller } = services;
  const calls: ModelCall[] = [];
  const record = (own: Omit<ModelCall, "costUsd" | "elapsedMs">, startedAt: number) => {
    const call = { ...own, costUsd: priceOf(own), elapsedMs: now() - startedAt };
    calls.push(call);
    onCall?.(call);
  };
  return {
    calls,
    expectedCall(service, inputTokens, outputTokens) {
      const call = { service, model: services[service]?.model ?? "", inputTokens, outputTokens };
      return { ...call, costUsd: priceOf(call), elapsedMs: 0 };
    },
    services: {
      embedder: embedder && {
        model: embedder.model,
        async embed(texts, signal) {
          const startedAt = now();
          const embeddings = await embedder.embed(texts, signal);
          record({ service: "embedder", model: embedder.model, inputTokens: embeddings.inputTokens, outputTokens: 0 }, startedAt);
          return embeddings;
        },
      },
      distiller: distiller && {
        model: distiller.model,
        async complete(prompt, maxTokens, signal) {
          const startedAt = now();
          const key = keyOf(distiller.model, prompt, maxTokens);
          const known = await paid?.get(key);
          const answer = known ?? (await distiller.complete(prompt, maxTokens, signal));
          if (known === undefined) await paid?.put(key, answer);
          const { inputTokens, outputTokens } = answer;
          record({ service: "distiller", model: distiller.model, inputTokens, outputTokens }, startedAt);
          return answer;
        },
      },
    },
  };
}

const keyOf = (model: string, { system, user }: ChatPrompt, maxTokens: number): string =>
  createHash("sha256")
    .update(JSON.stringify([model, system, user, maxTokens]))
    .digest("hex");

/** US dollars of calls; `null` when the price of one is unknown. */
export const costOfCalls = (calls: readonly ModelCall[]): number | null =>
  calls.reduce<number | null>((sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd), 0);

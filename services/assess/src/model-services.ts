// Models that help to compress: the contracts of an embedder and a distillation model, what strategies see of them, and a call.
import { sumCosts } from "@nocp/contracts/cost-totals.ts";
import type { OnFailedCall } from "@nocp/models/failed-model-call.ts";

export interface Embeddings {
  /** One for each text, all of the same length. */
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
  /** All of them were known, and no call was made. */
  readonly isKnown?: boolean;
}

/** Turns texts into vectors that point the same way where the texts mean the same. */
export interface Embedder {
  readonly model: string;
  /**
   * @param texts the question, then the passages to compare with it.
   * @param onFailedCall hears of each call that came to nothing, also of one that is made again.
   * @throws NocpError when the provider cannot be reached or answers something else.
   */
  embed(texts: readonly string[], signal?: AbortSignal, onFailedCall?: OnFailedCall): Promise<Embeddings>;
}

export interface ChatPrompt {
  readonly system: string;
  readonly user: string;
}

export interface DistillerAnswer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A model that is cheaper than the one that will answer. */
export interface Distiller {
  readonly model: string;
  /**
   * @param onFailedCall hears of each call that came to nothing, also of one that is made again.
   * @throws NocpError when the provider cannot be reached or answers something else.
   */
  complete(prompt: ChatPrompt, maxTokens: number, signal?: AbortSignal, onFailedCall?: OnFailedCall): Promise<DistillerAnswer>;
}

export interface ModelServices {
  readonly embedder?: Embedder | undefined;
  readonly distiller?: Distiller | undefined;
}

/** Tells how close the meaning of texts is. */
export interface Comparer {
  readonly model: string;
  /** @returns the cosine of each text with the first. @throws NocpError */
  similarities(texts: readonly string[], signal?: AbortSignal): Promise<readonly number[]>;
}

/** The services as strategies are given them: their calls are on the bill, and paid once by a request. */
export interface StrategyServices {
  readonly embedder?: Comparer | undefined;
  readonly distiller?: Distiller | undefined;
}

/** One call, whether its answer was used or not. */
export interface ModelCall {
  readonly service: "embedder" | "distiller";
  readonly model: string;
  readonly outcome: "succeeded" | "failed";
  readonly errorCode?: string | undefined;
  /** Zeros where nobody knows them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** 0: not billed. `null`: unknown, because the model's price is, or what became of the call. */
  readonly costUsd: number | null;
  /** Where the cost is unknown: the most that the call may have cost. */
  readonly atMostUsd?: number | undefined;
  readonly elapsedMs: number;
}

export type PriceOfCall = (call: Pick<ModelCall, "service" | "model" | "inputTokens" | "outputTokens">) => number | null;

/** US dollars of calls; `null` when the cost of one is unknown. */
export const costOfCalls = (calls: readonly ModelCall[]): number | null => sumCosts(calls.map(({ costUsd }) => costUsd));

// The meter of the models that help to compress: it keeps their bill, failed calls included, and what a request has paid for.
import { createHash } from "node:crypto";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import type { FailedModelCall } from "@nocp/models/failed-model-call.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { z } from "zod";
import type { CallCost, CallGuard } from "./call-guard.ts";
import { cosine } from "./cosine.ts";
import type { ModelCall, ModelServices, PriceOfCall, StrategyServices } from "./model-services.ts";

const costUsd = z.number().nonnegative().nullable();
const tokens = z.int().nonnegative();

/** What became of one question to a model, over all deliveries of its request. */
export const paidCallSchema = z.object({
  /** Calls that came to nothing. */
  failed: z.array(
    z.object({
      errorCode: z.string().optional(),
      inputTokens: tokens,
      outputTokens: tokens,
      costUsd,
      atMostUsd: z.number().nonnegative().optional(),
    }),
  ),
  /** A call was under way; with its process it is lost. */
  isRunning: z.boolean(),
  /** A text of the distillation model, or the similarities that an embedder's vectors came to. */
  answer: z
    .object({
      text: z.string().optional(),
      similarities: z.array(z.number()).optional(),
      inputTokens: tokens,
      outputTokens: tokens,
      /** No call was made for it. */
      isKnown: z.boolean().optional(),
    })
    .optional(),
});
type PaidCall = z.infer<typeof paidCallSchema>;
type Answer = NonNullable<PaidCall["answer"]>;

/** What a request has paid for, by what was asked: a redelivery reads it instead of paying again (M7). */
export type PaidCalls = RecordStore<PaidCall>;

/** @param calls of all requests; the keys of one request start with its id. */
export const callsOfRequest = (calls: PaidCalls, request: RequestRef): PaidCalls => ({
  get: (key) => calls.get(`${requestKey(request)}.${key}`),
  put: (key, call) => calls.put(`${requestKey(request)}.${key}`, call),
});

export interface MeteredServices {
  readonly services: StrategyServices;
  /** All calls so far. */
  readonly calls: readonly ModelCall[];
  /** The call that so many tokens would make, with its price. */
  expectedCall(service: keyof ModelServices, inputTokens: number, outputTokens: number): ModelCall;
}

/** A question to a model. */
interface Question {
  readonly service: keyof ModelServices;
  readonly model: string;
  readonly key: string;
  /** More than any tokenizer makes of it: its bytes. */
  readonly mostInputTokens: number;
  readonly mostOutputTokens: number;
}

/** A call of a model; it tells of each failed try. */
type Call = (onFailedCall: (failed: FailedModelCall) => void) => Promise<Answer>;
type Ask = (question: Question, call: Call) => Promise<Answer>;
type FailedCall = PaidCall["failed"][number];

/** Of one request. */
export interface Metering {
  readonly paid?: PaidCalls | undefined;
  /** Hears of each call at once, so that it is on the bill also when the work it was for fails. */
  readonly onCall?: ((call: ModelCall) => void) | undefined;
  /** Asked before each call; without one, all are made. */
  readonly guard?: CallGuard | undefined;
}

/**
 * Services that write down what their calls cost; an answer that the request has paid for is on its bill as well.
 */
export function meterServices(
  services: ModelServices,
  priceOf: PriceOfCall,
  now: () => number,
  { paid, onCall, guard }: Metering = {},
): MeteredServices {
  const { embedder, distiller } = services;
  const calls: ModelCall[] = [];
  const record = (call: ModelCall) => {
    calls.push(call);
    onCall?.(call);
  };
  const ask = createAsk({ priceOf, now, paid, record, guard });
  return {
    calls,
    expectedCall(service, inputTokens, outputTokens) {
      const call = { service, model: services[service]?.model ?? "", inputTokens, outputTokens };
      return { ...call, outcome: "succeeded", costUsd: priceOf(call), elapsedMs: 0 };
    },
    services: {
      embedder: embedder && meteredEmbedder(embedder, ask),
      distiller: distiller && meteredDistiller(distiller, ask),
    },
  };
}

interface Meter {
  readonly priceOf: PriceOfCall;
  readonly now: () => number;
  readonly paid: PaidCalls | undefined;
  readonly record: (call: ModelCall) => void;
  readonly guard: CallGuard | undefined;
}

/** Asks what was not answered yet, and records each call that was made for the question, in this delivery or before. */
const createAsk =
  ({ priceOf, now, paid, record, guard }: Meter): Ask =>
  async (question, call) => {
    const { service, model, key } = question;
    const startedAt = now();
    const known = await paid?.get(key);
    const unknown = unknownCost(question, priceOf);
    const failed = [...(known?.failed ?? []), ...(known?.isRunning ? [{ ...unknown, errorCode: lostCall }] : [])];
    const recordFailed = (one: FailedCall, elapsedMs: number) => record({ service, model, outcome: "failed", ...one, elapsedMs });
    const recordAnswer = ({ inputTokens, outputTokens, isKnown }: Answer) => {
      if (isKnown) return;
      const own = { service, model, inputTokens, outputTokens };
      record({ ...own, outcome: "succeeded", costUsd: priceOf(own), elapsedMs: now() - startedAt });
    };
    for (const one of failed) recordFailed(one, 0);
    if (known?.answer) {
      recordAnswer(known.answer);
      return known.answer;
    }
    if (known?.isRunning) await guard?.charge(worstCaseOf(question, priceOf));
    const settle = await guard?.reserve(worstCaseOf(question, priceOf));
    const made: CallCost[] = [];
    await paid?.put(key, { failed, isRunning: true });
    try {
      const answer = await call((failure) => {
        const one = billedFailure(failure, question, unknown, priceOf);
        failed.push(one);
        made.push({ service, model, ...one });
        recordFailed(one, now() - startedAt);
      });
      recordAnswer(answer);
      if (!answer.isKnown) made.push({ service, model, ...answer, costUsd: priceOf({ service, model, ...answer }) });
      await paid?.put(key, { failed, isRunning: false, answer });
      return answer;
    } catch (error) {
      // What cannot be written down is billed by this delivery alone.
      await paid?.put(key, { failed, isRunning: false }).catch(() => undefined);
      throw error;
    } finally {
      settle?.(made);
    }
  };

const worstCaseOf = ({ service, model, mostInputTokens, mostOutputTokens }: Question, priceOf: PriceOfCall): CallCost => {
  const most = { service, model, inputTokens: mostInputTokens, outputTokens: mostOutputTokens };
  return { ...most, costUsd: priceOf(most) };
};

/** What a call may have cost of which nothing is known. */
function unknownCost({ service, model, mostInputTokens, mostOutputTokens }: Question, priceOf: PriceOfCall): FailedCall {
  const atMostUsd = priceOf({ service, model, inputTokens: mostInputTokens, outputTokens: mostOutputTokens }) ?? undefined;
  return { ...noTokens, costUsd: null, ...(atMostUsd === undefined ? {} : { atMostUsd }) };
}

function billedFailure(
  { errorCode, isUnbilled, usage }: FailedModelCall,
  { service, model }: Question,
  unknown: FailedCall,
  priceOf: PriceOfCall,
): FailedCall {
  const code = errorCode === undefined ? {} : { errorCode };
  if (isUnbilled) return { ...code, ...noTokens, costUsd: 0 };
  return { ...code, ...(usage === null ? unknown : { ...usage, costUsd: priceOf({ service, model, ...usage }) }) };
}

const meteredEmbedder = (
  embedder: NonNullable<ModelServices["embedder"]>,
  ask: Ask,
): NonNullable<StrategyServices["embedder"]> => ({
  model: embedder.model,
  async similarities(texts, signal) {
    const { model } = embedder;
    const answer = await ask(
      { service: "embedder", model, ...sizeOf([model, ...texts]), mostOutputTokens: 0 },
      async (onFailedCall) => {
        const { vectors, inputTokens, isKnown } = await embedder.embed(texts, signal, onFailedCall);
        const [first = []] = vectors;
        const similarities = vectors.map((vector) => cosine(first, vector));
        return { similarities, inputTokens, outputTokens: 0, ...(isKnown ? { isKnown } : {}) };
      },
    );
    return answer.similarities ?? [];
  },
});

const meteredDistiller = (
  distiller: NonNullable<ModelServices["distiller"]>,
  ask: Ask,
): NonNullable<StrategyServices["distiller"]> => ({
  model: distiller.model,
  async complete(prompt, maxTokens, signal) {
    const { model } = distiller;
    const answer = await ask(
      { service: "distiller", model, ...sizeOf([model, prompt.system, prompt.user, maxTokens]), mostOutputTokens: maxTokens },
      (onFailedCall) => distiller.complete(prompt, maxTokens, signal, onFailedCall),
    );
    return { ...answer, text: answer.text ?? "" };
  },
});

/** Of a call whose process ended. */
const lostCall = "CALL_LOST";

const noTokens = { inputTokens: 0, outputTokens: 0 };

function sizeOf(asked: readonly (string | number)[]): Pick<Question, "key" | "mostInputTokens"> {
  const text = JSON.stringify(asked);
  return { key: createHash("sha256").update(text).digest("hex"), mostInputTokens: Buffer.byteLength(text) };
}

// Numbers about what happened, never content: what observability is fed with.
import { z } from "zod";
import { type NocpResult, resultSchema } from "./result.ts";

/** The record of one finished request: the result without its content. */
export const transactionSchema = resultSchema
  .omit({
    answer: true,
    reasoning: true,
    reasoningItems: true,
    toolRequests: true,
    toolRounds: true,
    alternatives: true,
    metadata: true,
    strategies: true,
    archived: true,
    removed: true,
    tools: true,
    warnings: true,
    error: true,
    stopSequence: true,
  })
  .extend({
    strategies: z.array(z.object({ strategy: z.string(), before: z.int(), after: z.int() })),
    tools: z.array(z.object({ name: z.string(), status: z.string(), elapsedMs: z.number() })),
    warningCodes: z.array(z.string()),
    errorCode: z.string().nullable(),
    errorStage: z.string().nullable(),
  });
export type Transaction = z.infer<typeof transactionSchema>;

/** What of a result may be recorded when content is off: all its numbers. */
export function transactionOf(result: NocpResult): Transaction {
  const { answer: _answer, reasoning: _reasoning, reasoningItems: _items, alternatives: _others, ...said } = result;
  const { toolRequests: _requests, toolRounds: _rounds, archived: _archived, removed: _removed, ...rest } = said;
  const { metadata: _metadata, stopSequence: _stop, warnings, error, ...numbers } = rest;
  return {
    ...numbers,
    strategies: result.strategies.map(({ strategy, before, after }) => ({ strategy, before, after })),
    tools: result.tools.map(({ name, status, elapsedMs }) => ({ name, status, elapsedMs })),
    warningCodes: warnings.map((warning) => warning.code),
    errorCode: error?.code ?? null,
    errorStage: error?.stage ?? null,
  };
}

/** Kinds of stored event, and the subject token of each. */
export const eventKinds = ["transaction", "stage-retried", "dead-lettered", "breaker-changed"] as const;
export type EventKind = (typeof eventKinds)[number];
/** Those that tell of a delivery of a request. */
export type DeliveryEventKind = Exclude<EventKind, "transaction" | "breaker-changed">;

export const stageEventSchema = z.object({
  requestId: z.string(),
  at: z.number().describe("Milliseconds since the epoch."),
  attempt: z.int().positive(),
  queueWaitMs: z.number().nonnegative(),
  workMs: z.number().nonnegative(),
  code: z.string().nullable().default(null).describe("The error's code, where one decided the outcome."),
});
export type StageEvent = z.infer<typeof stageEventSchema>;

/** The body on `nocp.v2.event.<stage>.transaction`: finished requests, published with the same care as their results. */
export const transactionEventSchema = z.object({ v: z.literal(1).default(1), transactions: z.array(transactionSchema) });
/** The same before its transactions are looked at: a bad one is left out, the others count. */
export const transactionEnvelopeSchema = transactionEventSchema.extend({ transactions: z.array(z.unknown()) });
export const breakerPhases = ["closed", "open", "half-open"] as const;

export const breakerChangeSchema = z.object({
  provider: z.string(),
  model: z.string().describe("Empty: all models of the provider, as its health checks tell."),
  from: z.enum(breakerPhases),
  to: z.enum(breakerPhases),
  at: z.number().describe("Milliseconds since the epoch."),
  reason: z.string().describe("Why it opened last, in a few words."),
  openings: z.int().nonnegative().describe("How often it has opened without being closed for a while in between."),
  until: z.number().nullable().describe("When an open breaker may be probed, in milliseconds since the epoch."),
});
export type BreakerChange = z.infer<typeof breakerChangeSchema>;
/** The body on `nocp.v2.event.llm-router.breaker-changed`: each change once, from the replica that made it, best effort. */
export const breakerEventBatchSchema = z.object({ v: z.literal(1).default(1), changes: z.array(breakerChangeSchema) });

/**
 * The body on the other event subjects, and on those of progress: a batch, best effort; the transaction holds the
 * same numbers for good.
 */
export const stageEventBatchSchema = z.object({ v: z.literal(1).default(1), events: z.array(stageEventSchema) });

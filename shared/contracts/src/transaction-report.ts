// What is asked of the transactions that observability keeps, and what it answers: for the report, the HTTP API and metrics of use.
import { z } from "zod";

/** Which transactions a question is about; everything when empty. A request that was redriven counts by its last finish. */
export const transactionScopeSchema = z.object({
  last: z.int().positive().optional().describe("The newest so many."),
  since: z.number().optional().describe("Completed at or after, in milliseconds since the epoch."),
  until: z.number().optional().describe("Completed before, in milliseconds since the epoch."),
  tenant: z.string().optional(),
  key: z.string().optional().describe("Id of the key that is billed."),
  model: z.string().optional().describe("`provider/model`, or the name of a model or of a provider alone."),
  status: z.enum(["succeeded", "degraded", "failed"]).optional(),
  errorCode: z.string().optional(),
  tag: z.string().optional(),
  sessionId: z.string().optional(),
});
export type TransactionScope = z.infer<typeof transactionScopeSchema>;

export const transactionSummarySchema = z.object({
  requestId: z.string(),
  completedAt: z.number().describe("Milliseconds since the epoch."),
  status: z.enum(["succeeded", "degraded", "failed"]),
  errorCode: z.string().nullable(),
  errorStage: z.string().nullable(),
  tenant: z.string(),
  tags: z.array(z.string()).readonly(),
  billingKey: z.string().nullable().describe("Who is billed; null if not given."),
  sessionId: z.string().nullable(),
  lane: z.string(),
  traceId: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  attemptCount: z.int(),
  cacheHit: z.int().describe("1 for an answer from a cache."),
  confidence: z.number().nullable(),
  inputTokensRaw: z.int(),
  inputTokensOptimized: z.int(),
  outputTokensRaw: z.int(),
  outputTokensOptimized: z.int(),
  costUsd: z.number().nullable(),
  knownUsd: z.number().describe("The cost, or where that is unknown the known part of it."),
  baselineUsd: z.number().nullable(),
  referenceModel: z.string(),
  referenceUsd: z.number().nullable(),
  referenceBaselineUsd: z.number().nullable(),
  totalMs: z.number(),
  queueWaitMs: z.number(),
  modelMs: z.number(),
  stageMs: z.record(z.string(), z.number()).readonly().describe("By the name of the stage."),
});
export type TransactionSummary = Readonly<z.infer<typeof transactionSummarySchema>>;

/** Sums over transactions. A sum of money covers those whose price is known, and is null when there is none. */
export const transactionTotalsSchema = z.object({
  count: z.int(),
  succeeded: z.int(),
  degraded: z.int(),
  failed: z.int(),
  cacheHits: z.int(),
  attempts: z.int(),
  inputTokensRaw: z.int(),
  inputTokensOptimized: z.int(),
  outputTokensRaw: z.int(),
  outputTokensOptimized: z.int(),
  costUsd: z.number().nullable(),
  unknownCostCount: z.int(),
  knownUsd: z.number().describe("Over all transactions: of an unknown cost the known part."),
  comparedCount: z
    .int()
    .describe(
      "Transactions whose cost and baseline are both known; the next two are sums over exactly these, and may be compared.",
    ),
  comparedCostUsd: z.number().nullable(),
  comparedBaselineUsd: z.number().nullable(),
  comparedReferenceCount: z.int(),
  referenceUsd: z.number().nullable(),
  referenceBaselineUsd: z.number().nullable(),
});
export type TransactionTotals = Readonly<z.infer<typeof transactionTotalsSchema>>;

/** What transactions are grouped by. One with several tags counts under each of them. */
export const groupings = ["tenant", "key", "tag", "model", "day"] as const;
export type Grouping = (typeof groupings)[number];

export const groupTotalsSchema = transactionTotalsSchema.extend({
  group: z.string().nullable().describe("Null for transactions without a key, a tag or a model; a day is one of UTC."),
});
export type GroupTotals = Readonly<z.infer<typeof groupTotalsSchema>>;

/** Milliseconds; null without transactions. */
export const latencyPercentilesSchema = z.object({
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type LatencyPercentiles = Readonly<z.infer<typeof latencyPercentilesSchema>>;

/** The newest first. */
export const transactionPageQuestionSchema = z.object({
  scope: transactionScopeSchema,
  limit: z.int().min(1).max(500),
  after: z.object({ completedAt: z.number(), requestId: z.string() }).optional().describe("The last one of the page before."),
});
export type TransactionPageQuestion = z.infer<typeof transactionPageQuestionSchema>;
export const transactionPageSchema = z.object({ transactions: z.array(transactionSummarySchema), hasMore: z.boolean() });
export type TransactionPage = z.infer<typeof transactionPageSchema>;

export const transactionTotalsQuestionSchema = z.object({
  scope: transactionScopeSchema,
  by: z.enum(groupings).optional(),
});
export type TransactionTotalsQuestion = z.infer<typeof transactionTotalsQuestionSchema>;
export const transactionTotalsAnswerSchema = z.object({
  totals: transactionTotalsSchema,
  latency: latencyPercentilesSchema,
  groups: z.array(groupTotalsSchema).optional().describe("Where a grouping was asked for."),
});
export type TransactionTotalsAnswer = z.infer<typeof transactionTotalsAnswerSchema>;

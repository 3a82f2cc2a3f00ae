// What is asked of the transactions: the last ones, totals, percentiles, and totals by model, tenant, key or tag.
import type { DatabaseSync } from "node:sqlite";

/** Which transactions a question is about; everything when empty. A request that was redriven counts by its last finish. */
export interface TransactionScope {
  /** The newest so many. */
  readonly last?: number;
  /** Completed at or after, in milliseconds since the epoch. */
  readonly since?: number;
  readonly tenant?: string;
}

export interface TransactionSummary {
  readonly requestId: string;
  readonly completedAt: number;
  readonly status: "succeeded" | "degraded" | "failed";
  readonly errorCode: string | null;
  readonly errorStage: string | null;
  readonly tenant: string;
  readonly tags: readonly string[];
  /** Who is billed; null where nobody said it. */
  readonly billingKey: string | null;
  readonly sessionId: string | null;
  readonly lane: string;
  readonly traceId: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly attemptCount: number;
  readonly cacheHit: number;
  readonly confidence: number | null;
  readonly inputTokensRaw: number;
  readonly inputTokensOptimized: number;
  readonly outputTokensRaw: number;
  readonly outputTokensOptimized: number;
  readonly costUsd: number | null;
  /** The cost, or where that is unknown the known part of it. */
  readonly knownUsd: number;
  readonly baselineUsd: number | null;
  readonly referenceModel: string;
  readonly referenceUsd: number | null;
  readonly referenceBaselineUsd: number | null;
  readonly totalMs: number;
  readonly queueWaitMs: number;
  readonly modelMs: number;
  /** By the name of the stage. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Sums over transactions. A sum of money covers those whose price is known, and is null when there is none. */
export interface TransactionTotals {
  readonly count: number;
  readonly succeeded: number;
  readonly degraded: number;
  readonly failed: number;
  readonly cacheHits: number;
  readonly attempts: number;
  readonly inputTokensRaw: number;
  readonly inputTokensOptimized: number;
  readonly outputTokensRaw: number;
  readonly outputTokensOptimized: number;
  readonly costUsd: number | null;
  readonly unknownCostCount: number;
  /** Over all transactions: of an unknown cost the known part. */
  readonly knownUsd: number;
  /** Transactions whose cost and baseline are both known, and the two sums over exactly these: they may be compared. */
  readonly comparedCount: number;
  readonly comparedCostUsd: number | null;
  readonly comparedBaselineUsd: number | null;
  readonly comparedReferenceCount: number;
  readonly referenceUsd: number | null;
  readonly referenceBaselineUsd: number | null;
}

export interface ModelTotals extends TransactionTotals {
  readonly provider: string | null;
  readonly model: string | null;
}

/** What transactions are grouped by. One with several tags counts under each of them. */
export const groupings = ["tenant", "key", "tag", "model"] as const;
export type Grouping = (typeof groupings)[number];

export interface GroupTotals extends TransactionTotals {
  /** Null for transactions without a key, a tag or a model. */
  readonly group: string | null;
}

/** Milliseconds; null without transactions. */
export interface LatencyPercentiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface TransactionQueries {
  /** Newest first. */
  latest(scope?: TransactionScope): TransactionSummary[];
  totals(scope?: TransactionScope): TransactionTotals;
  /** Of the time from acceptance to answer, by nearest rank. */
  latencyPercentiles(scope?: TransactionScope): LatencyPercentiles;
  /** Most transactions first. */
  totalsByModel(scope?: TransactionScope): ModelTotals[];
  /** Most transactions first. */
  totalsBy(grouping: Grouping, scope?: TransactionScope): GroupTotals[];
}

/** Lists and maps as they are stored: as JSON. */
type StoredSummary = Omit<TransactionSummary, "tags" | "stageMs"> & { readonly tags: string; readonly stageMs: string };

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const summaryKeys = [
  "requestId",
  "completedAt",
  "status",
  "errorCode",
  "errorStage",
  "tenant",
  "tags",
  "billingKey",
  "sessionId",
  "lane",
  "traceId",
  "provider",
  "model",
  "attemptCount",
  "cacheHit",
  "confidence",
  "inputTokensRaw",
  "inputTokensOptimized",
  "outputTokensRaw",
  "outputTokensOptimized",
  "costUsd",
  "knownUsd",
  "baselineUsd",
  "referenceModel",
  "referenceUsd",
  "referenceBaselineUsd",
  "totalMs",
  "queueWaitMs",
  "modelMs",
  "stageMs",
] as const satisfies readonly (keyof TransactionSummary)[];

const summaryColumns = summaryKeys.map((key) => `${snake(key)} AS ${key}`).join(", ");

const both = (cost: string, baseline: string): string => `(${cost} IS NOT NULL AND ${baseline} IS NOT NULL)`;
const compared = both("cost_usd", "baseline_usd");
const comparedReference = both("reference_usd", "reference_baseline_usd");

const totalColumns = `
  count(*) AS count,
  coalesce(sum(status = 'succeeded'), 0) AS succeeded,
  coalesce(sum(status = 'degraded'), 0) AS degraded,
  coalesce(sum(status = 'failed'), 0) AS failed,
  coalesce(sum(cache_hit), 0) AS cacheHits,
  coalesce(sum(attempt_count), 0) AS attempts,
  coalesce(sum(input_tokens_raw), 0) AS inputTokensRaw,
  coalesce(sum(input_tokens_optimized), 0) AS inputTokensOptimized,
  coalesce(sum(output_tokens_raw), 0) AS outputTokensRaw,
  coalesce(sum(output_tokens_optimized), 0) AS outputTokensOptimized,
  sum(cost_usd) AS costUsd,
  count(*) - count(cost_usd) AS unknownCostCount,
  coalesce(sum(known_usd), 0) AS knownUsd,
  coalesce(sum(${compared}), 0) AS comparedCount,
  sum(cost_usd) FILTER (WHERE ${compared}) AS comparedCostUsd,
  sum(baseline_usd) FILTER (WHERE ${compared}) AS comparedBaselineUsd,
  coalesce(sum(${comparedReference}), 0) AS comparedReferenceCount,
  sum(reference_usd) FILTER (WHERE ${comparedReference}) AS referenceUsd,
  sum(reference_baseline_usd) FILTER (WHERE ${comparedReference}) AS referenceBaselineUsd`;

/** The rows a question is about, with the columns it needs, as table `chosen`. A limit of -1 is none. */
const choosing = (columns: string): string => `WITH chosen AS (
  SELECT ${columns} FROM transactions
  WHERE superseded = 0 AND completed_at >= :since AND (:tenant IS NULL OR tenant = :tenant)
  ORDER BY completed_at DESC, request_id LIMIT :last)`;

const scopeParameters = (scope: TransactionScope) => ({
  since: scope.since ?? Number.MIN_SAFE_INTEGER,
  tenant: scope.tenant ?? null,
  last: scope.last ?? -1,
});

/** Nearest rank: the smallest value that at least the share of all values does not exceed. */
const percentile = (share: number): string => `min(total_ms) FILTER (WHERE place >= ceil(${share} * total))`;
const percentilesQuery = `${choosing("total_ms")},
  ranked AS (SELECT total_ms, row_number() OVER (ORDER BY total_ms) AS place, count(*) OVER () AS total FROM chosen)
  SELECT ${percentile(0.5)} AS p50Ms, ${percentile(0.95)} AS p95Ms, ${percentile(0.99)} AS p99Ms FROM ranked`;

/** What `totalColumns` and the grouping read. */
const summedColumns = `provider, model, tenant, tags, billing_key, known_usd, status, cache_hit, attempt_count, input_tokens_raw, input_tokens_optimized,
  output_tokens_raw, output_tokens_optimized, cost_usd, baseline_usd, reference_usd, reference_baseline_usd`;

const groupOf: Readonly<Record<Grouping, string>> = {
  tenant: "tenant",
  key: "billing_key",
  tag: "tag.value",
  model: "provider || '/' || model",
};

/** Prepares the questions on an open database. */
export function createTransactionQueries(database: DatabaseSync): TransactionQueries {
  const latest = database.prepare(`${choosing(summaryColumns)} SELECT * FROM chosen ORDER BY completedAt DESC, requestId`);
  const totals = database.prepare(`${choosing(summedColumns)} SELECT ${totalColumns} FROM chosen`);
  const percentiles = database.prepare(percentilesQuery);
  const totalsByModel = database.prepare(
    `${choosing(summedColumns)} SELECT provider, model, ${totalColumns} FROM chosen
     GROUP BY provider, model ORDER BY count(*) DESC, provider, model`,
  );
  const totalsBy = (grouping: Grouping) =>
    database.prepare(
      `${choosing(summedColumns)} SELECT ${groupOf[grouping]} AS "group", ${totalColumns} FROM chosen
       ${grouping === "tag" ? "LEFT JOIN json_each(chosen.tags) AS tag" : ""}
       GROUP BY "group" ORDER BY count(*) DESC, "group"`,
    );
  return {
    latest: (scope = {}) =>
      (latest.all(scopeParameters(scope)) as unknown as StoredSummary[]).map((row) => ({
        ...row,
        tags: JSON.parse(row.tags),
        stageMs: JSON.parse(row.stageMs),
      })),
    totals: (scope = {}) => totals.get(scopeParameters(scope)) as unknown as TransactionTotals,
    latencyPercentiles: (scope = {}) => percentiles.get(scopeParameters(scope)) as unknown as LatencyPercentiles,
    totalsByModel: (scope = {}) => totalsByModel.all(scopeParameters(scope)) as unknown as ModelTotals[],
    totalsBy: (grouping, scope = {}) => totalsBy(grouping).all(scopeParameters(scope)) as unknown as GroupTotals[],
  };
}

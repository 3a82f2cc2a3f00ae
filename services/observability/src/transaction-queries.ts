// What is asked of the transactions: the last ones, totals, percentiles, and totals by model, tenant, key or tag.
import type { DatabaseSync } from "node:sqlite";
import type {
  Grouping,
  GroupTotals,
  LatencyPercentiles,
  TransactionPage,
  TransactionPageQuestion,
  TransactionScope,
  TransactionSummary,
  TransactionTotals,
} from "@nocp/contracts/transaction-report.ts";

export interface ModelTotals extends TransactionTotals {
  readonly provider: string | null;
  readonly model: string | null;
}

export interface TransactionQueries {
  /** Newest first. */
  latest(scope?: TransactionScope): TransactionSummary[];
  /** Newest first, from where the page before ended. */
  page(question: TransactionPageQuestion): TransactionPage;
  totals(scope?: TransactionScope): TransactionTotals;
  /** Of the time from acceptance to answer, by nearest rank. */
  latencyPercentiles(scope?: TransactionScope): LatencyPercentiles;
  /** Most transactions first. */
  totalsByModel(scope?: TransactionScope): ModelTotals[];
  /** Most transactions first; days in their order. */
  totalsBy(grouping: Grouping, scope?: TransactionScope): GroupTotals[];
}

/** Lists and maps as they are stored: as JSON. */
type StoredSummary = Omit<TransactionSummary, "tags" | "stageMs"> & { readonly tags: string; readonly stageMs: string };

const summaryOf = (row: StoredSummary): TransactionSummary => ({
  ...row,
  tags: JSON.parse(row.tags),
  stageMs: JSON.parse(row.stageMs),
});

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
  WHERE superseded = 0 AND completed_at >= :since AND completed_at < :until
    AND (:tenant IS NULL OR tenant = :tenant)
    AND (:key IS NULL OR billing_key = :key)
    AND (:model IS NULL OR :model IN (model, provider, provider || '/' || model))
    AND (:status IS NULL OR status = :status)
    AND (:errorCode IS NULL OR error_code = :errorCode)
    AND (:sessionId IS NULL OR session_id = :sessionId)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
    AND (:afterId IS NULL OR completed_at < :afterTime OR (completed_at = :afterTime AND request_id > :afterId))
  ORDER BY completed_at DESC, request_id LIMIT :last)`;

const scopeParameters = (scope: TransactionScope, after?: TransactionPageQuestion["after"]) => ({
  since: scope.since ?? Number.MIN_SAFE_INTEGER,
  until: scope.until ?? Number.MAX_SAFE_INTEGER,
  tenant: scope.tenant ?? null,
  key: scope.key ?? null,
  model: scope.model ?? null,
  status: scope.status ?? null,
  errorCode: scope.errorCode ?? null,
  sessionId: scope.sessionId ?? null,
  tag: scope.tag ?? null,
  afterTime: after?.completedAt ?? null,
  afterId: after?.requestId ?? null,
  last: scope.last ?? -1,
});

/** Nearest rank: the smallest value that at least the share of all values does not exceed. */
const percentile = (share: number): string => `min(total_ms) FILTER (WHERE place >= ceil(${share} * total))`;
const percentilesQuery = `${choosing("total_ms")},
  ranked AS (SELECT total_ms, row_number() OVER (ORDER BY total_ms) AS place, count(*) OVER () AS total FROM chosen)
  SELECT ${percentile(0.5)} AS p50Ms, ${percentile(0.95)} AS p95Ms, ${percentile(0.99)} AS p99Ms FROM ranked`;

/** What `totalColumns` and the grouping read. */
const summedColumns = `completed_at, provider, model, tenant, tags, billing_key, known_usd, status, cache_hit, attempt_count, input_tokens_raw, input_tokens_optimized,
  output_tokens_raw, output_tokens_optimized, cost_usd, baseline_usd, reference_usd, reference_baseline_usd`;

const groupOf: Readonly<Record<Grouping, string>> = {
  tenant: "tenant",
  key: "billing_key",
  tag: "tag.value",
  model: "provider || '/' || model",
  day: "date(completed_at / 1000, 'unixepoch')",
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
       GROUP BY "group" ORDER BY ${grouping === "day" ? '"group"' : 'count(*) DESC, "group"'}`,
    );
  return {
    latest: (scope = {}) => (latest.all(scopeParameters(scope)) as unknown as StoredSummary[]).map(summaryOf),
    page({ scope, limit, after }) {
      // One more than is wanted tells whether there are more.
      const found = latest.all(scopeParameters({ ...scope, last: limit + 1 }, after)) as unknown as StoredSummary[];
      return { transactions: found.slice(0, limit).map(summaryOf), hasMore: found.length > limit };
    },
    totals: (scope = {}) => totals.get(scopeParameters(scope)) as unknown as TransactionTotals,
    latencyPercentiles: (scope = {}) => percentiles.get(scopeParameters(scope)) as unknown as LatencyPercentiles,
    totalsByModel: (scope = {}) => totalsByModel.all(scopeParameters(scope)) as unknown as ModelTotals[],
    totalsBy: (grouping, scope = {}) => totalsBy(grouping).all(scopeParameters(scope)) as unknown as GroupTotals[],
  };
}
